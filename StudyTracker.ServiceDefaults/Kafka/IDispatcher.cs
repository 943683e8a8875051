namespace StudyTracker.Kafka;

/// <summary>How the records that a loop has polled reach their handler.</summary>
internal interface IDispatcher
{
    /// <summary>Takes a record over; called by the poll thread, must not block.</summary>
    void Enqueue(Record record);

    /// <summary>Completes when everything taken over has ended; nothing is enqueued meanwhile.</summary>
    Task StopAsync();
}
