using System.ComponentModel.DataAnnotations;
using StudyTracker.Retention;

namespace StudyTracker.Notifier.Retention;

/// <summary>How long the ledger of deliveries is kept.</summary>
internal sealed class RetentionOptions : RetentionRounds, IValidatableObject
{
    // The summaries of so long may still be written anew, and run figures asked for.
    private const int ShortestDays = 35;

    /// <summary>
    /// Days after which a delivery that was sent or dropped is deleted, with the summary's text in it, counted from when its run was
    /// asked for; 400 by default, 0 (keep for ever) or 35 to 36,500. What is parked stays until somebody deals with it.
    /// </summary>
    [Range(0, 36_500, ErrorMessage = "must be 0 (keep for ever) or 35 to 36,500 days.")]
    public int DeliveryDays { get; set; } = 400;

    /// <summary>The table that ages.</summary>
    public static IReadOnlyList<AgingTable> Tables { get; } =
        [new("deliveries", "row.state IN ('Sent', 'Dropped') AND row.requested_at < $1 AND row.lease_owner IS NULL")];

    /// <summary>
    /// From before when the ledger may have forgotten deliveries. The ledger itself goes by this, and not by the option, which may be
    /// changed: what is from before and not in the ledger is not posted as if it were new.
    /// </summary>
    public const string Note = """
        INSERT INTO delivery.retention (id, forgotten_before) VALUES (true, $1)
        ON CONFLICT (id) DO UPDATE SET forgotten_before = greatest(retention.forgotten_before, excluded.forgotten_before)
        """;

    /// <inheritdoc />
    public override (int Days, string Option) Age() => (DeliveryDays, nameof(DeliveryDays));

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => DeliveryDays is > 0 and < ShortestDays
        ? [new ValidationResult($"must be 0 (keep for ever) or {ShortestDays} to 36,500 days.", [nameof(DeliveryDays)])]
        : [];
}
