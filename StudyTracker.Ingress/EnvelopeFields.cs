using System.Text.Json;

namespace StudyTracker.Ingress;

/// <summary>The few fields of a Slack envelope that decide what it is, read without making a string of any.</summary>
internal ref struct EnvelopeFields
{
    public JsonText Type, EventId, Challenge;
    public Origin Origin;
    public EventFields Event;
    private bool _hasEvent;

    /// <summary>Reads to the end of the document, so that what follows the fields is known to be well-formed too.</summary>
    public static EnvelopeFields Read(scoped ref Utf8JsonReader reader)
    {
        var fields = default(EnvelopeFields);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) JsonText.ReadOnce(ref fields.Type, ref reader);
            else if (reader.ValueTextEquals("team_id"u8)) JsonText.ReadOnce(ref fields.Origin.TeamId, ref reader);
            else if (reader.ValueTextEquals("event_id"u8)) JsonText.ReadOnce(ref fields.EventId, ref reader);
            else if (reader.ValueTextEquals("challenge"u8)) JsonText.ReadOnce(ref fields.Challenge, ref reader);
            else if (reader.ValueTextEquals("enterprise_id"u8)) JsonText.ReadOnce(ref fields.Origin.EnterpriseId, ref reader);
            else if (reader.ValueTextEquals("context_team_id"u8)) JsonText.ReadOnce(ref fields.Origin.ContextTeamId, ref reader);
            else if (reader.ValueTextEquals("context_enterprise_id"u8)) JsonText.ReadOnce(ref fields.Origin.ContextEnterpriseId, ref reader);
            else if (reader.ValueTextEquals("is_ext_shared_channel"u8)) fields.Origin.IsExternallyShared |= JsonValues.NextFlag(ref reader);
            else if (reader.ValueTextEquals("is_enterprise_install"u8)) fields.Origin.IsEnterpriseInstall |= JsonValues.NextFlag(ref reader);
            else if (reader.ValueTextEquals("authorizations"u8)) fields.ReadAuthorizations(ref reader);
            else if (reader.ValueTextEquals("event"u8)) fields.ReadEvent(ref reader);
            else JsonValues.Skip(ref reader);
        }

        if (reader.Read()) throw new JsonException("Something follows the object.");
        return fields;
    }

    private void ReadEvent(scoped ref Utf8JsonReader reader)
    {
        if (_hasEvent) throw new JsonException("A property is doubled.");
        _hasEvent = true;
        if (JsonValues.NextIsObject(ref reader)) Event.Read(ref reader);
    }

    /// <summary>Slack sends one of them, even where several installations of the app see the event.</summary>
    private void ReadAuthorizations(scoped ref Utf8JsonReader reader)
    {
        if (!JsonValues.NextIsFirstObject(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("team_id"u8)) JsonText.ReadOnce(ref Origin.InstalledTeamId, ref reader);
            else if (reader.ValueTextEquals("enterprise_id"u8)) JsonText.ReadOnce(ref Origin.InstalledEnterpriseId, ref reader);
            else if (reader.ValueTextEquals("is_enterprise_install"u8)) Origin.IsEnterpriseInstall |= JsonValues.NextFlag(ref reader);
            else JsonValues.Skip(ref reader);
        }

        JsonValues.LeaveArray(ref reader);
    }
}

/// <summary>What an event is about.</summary>
internal ref struct EventFields
{
    public JsonText Type, Channel, OldChannel, NewChannel;

    /// <summary>The event itself, taken for a message.</summary>
    public MessageFields Outer;

    /// <summary>The message that a change led to.</summary>
    public MessageFields Message;

    /// <summary>The message as it was before.</summary>
    public MessageFields Previous;

    /// <summary>Reads the object in which the reader is.</summary>
    public void Read(scoped ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) JsonText.ReadOnce(ref Type, ref reader);
            else if (reader.ValueTextEquals("channel"u8)) JsonText.ReadOnce(ref Channel, ref reader);
            else if (reader.ValueTextEquals("old_channel_id"u8)) JsonText.ReadOnce(ref OldChannel, ref reader);
            else if (reader.ValueTextEquals("new_channel_id"u8)) JsonText.ReadOnce(ref NewChannel, ref reader);
            else if (reader.ValueTextEquals("message"u8)) Message.ReadValue(ref reader);
            else if (reader.ValueTextEquals("previous_message"u8)) Previous.ReadValue(ref reader);
            else Outer.ReadProperty(ref reader);
        }
    }
}

/// <summary>Who wrote a message, and whether it is one.</summary>
internal ref struct MessageFields
{
    public JsonText Subtype, User;

    /// <summary>Whether an app posted it.</summary>
    public bool IsByApp;

    /// <summary>Whether it is part of the channel's history only, or shown to one person only.</summary>
    public bool IsUnseen;

    private JsonText _userTeam, _sourceTeam, _team, _fileTeam, _botId;

    /// <summary>
    /// The author's workspace, if it says so. In messages from other organisations <c>team</c> may be the app's own, so it comes after the
    /// two others; a message with files lacks all three, but its files tell.
    /// </summary>
    public readonly JsonText AuthorTeam => _userTeam.Or(_sourceTeam).Or(_team).Or(_fileTeam);

    /// <summary>Reads the value of the property at which the reader is.</summary>
    public void ReadValue(scoped ref Utf8JsonReader reader)
    {
        if (!JsonValues.NextIsObject(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) ReadProperty(ref reader);
    }

    /// <summary>Reads the property at which the reader is.</summary>
    public void ReadProperty(scoped ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("subtype"u8)) JsonText.ReadOnce(ref Subtype, ref reader);
        else if (reader.ValueTextEquals("user"u8)) JsonText.ReadOnce(ref User, ref reader);
        else if (reader.ValueTextEquals("user_team"u8)) JsonText.ReadOnce(ref _userTeam, ref reader);
        else if (reader.ValueTextEquals("source_team"u8)) JsonText.ReadOnce(ref _sourceTeam, ref reader);
        else if (reader.ValueTextEquals("team"u8)) JsonText.ReadOnce(ref _team, ref reader);
        else if (reader.ValueTextEquals("files"u8)) ReadFiles(ref reader);
        else if (reader.ValueTextEquals("hidden"u8) || reader.ValueTextEquals("is_ephemeral"u8)) IsUnseen |= JsonValues.NextFlag(ref reader);
        else if (reader.ValueTextEquals("bot_id"u8)) ReadBotId(ref reader);
        else JsonValues.Skip(ref reader);
    }

    private void ReadBotId(scoped ref Utf8JsonReader reader)
    {
        JsonText.ReadOnce(ref _botId, ref reader);
        IsByApp = _botId.Value.Length > 0;
    }

    private void ReadFiles(scoped ref Utf8JsonReader reader)
    {
        if (!JsonValues.NextIsFirstObject(ref reader)) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("user_team"u8)) JsonText.ReadOnce(ref _fileTeam, ref reader);
            else JsonValues.Skip(ref reader);
        }

        JsonValues.LeaveArray(ref reader);
    }
}
