using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace StudyTracker.Contracts;

/// <summary>
/// One learner: a Slack user in a Slack workspace. As a record key it puts everything about a member into one
/// partition, and so in order.
/// </summary>
/// <param name="TeamId">Slack's workspace id, such as <c>T0123ABCD</c>.</param>
/// <param name="UserId">Slack's user id, such as <c>U0123ABCD</c>; unique only within the workspace.</param>
public readonly record struct MemberKey(string TeamId, string UserId)
{
    /// <summary>The record key: <c>team:user</c>.</summary>
    public override string ToString() => $"{TeamId}:{UserId}";

    /// <summary>The record key as UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    /// <summary>Reads a record key; false when it is not of the form <c>team:user</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MemberKey key)
    {
        var colon = text?.IndexOf(':') ?? -1;
        if (colon <= 0 || colon == text!.Length - 1)
        {
            key = default;
            return false;
        }

        key = new MemberKey(text[..colon], text[(colon + 1)..]);
        return true;
    }
}
