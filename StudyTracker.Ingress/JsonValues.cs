using System.Text.Json;

namespace StudyTracker.Ingress;

/// <summary>Reads the value of the property at which a reader is.</summary>
internal static class JsonValues
{
    /// <summary>Whether it is true, which Slack also writes as a string.</summary>
    public static bool NextFlag(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        var isTrue = reader.TokenType == JsonTokenType.True || (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("true"u8));
        reader.Skip();
        return isTrue;
    }

    /// <summary>Enters it if it is an object, and passes over it if not.</summary>
    public static bool NextIsObject(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        reader.Skip();
        return false;
    }

    /// <summary>Enters the first object of it, to be followed by <see cref="LeaveArray"/>; passes over it if it does not begin with one.</summary>
    public static bool NextIsFirstObject(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return false;
        }

        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        LeaveArray(ref reader);
        return false;
    }

    /// <summary>Passes over the rest of an array, from an element's start or end.</summary>
    public static void LeaveArray(scoped ref Utf8JsonReader reader)
    {
        while (reader.TokenType != JsonTokenType.EndArray)
        {
            reader.Skip();
            reader.Read();
        }
    }

    public static void Skip(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
