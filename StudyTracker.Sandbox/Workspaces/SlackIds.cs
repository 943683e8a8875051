using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace StudyTracker.Sandbox.Workspaces;

/// <summary>Ids as Slack forms them: a letter for the kind, then capital letters and digits.</summary>
internal static partial class SlackIds
{
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ";

    /// <summary>Whether <paramref name="id"/> could be an id of one of the given kinds, such as <c>"U"</c> or <c>"CDG"</c>.</summary>
    public static bool IsWellFormed(string? id, string kinds) =>
        id is not null && WellFormed().IsMatch(id) && kinds.Contains(id[0], StringComparison.Ordinal);

    /// <summary>A new id that nobody has, such as <c>Ev0A1B2C3D4E</c> for the prefix <c>Ev</c>.</summary>
    public static string New(string prefix) => prefix + RandomNumberGenerator.GetString(Alphabet, 11);

    /// <summary>The same id for the same seed, so that a restart does not change it.</summary>
    public static string Derive(string prefix, string seed)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        return prefix + string.Create(10, hash, (span, bytes) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = Alphabet[bytes[i] % Alphabet.Length];
        });
    }

    /// <summary>The same UUID for the same seed.</summary>
    public static string DeriveUuid(string seed) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(seed)).AsSpan(0, 16)).ToString();

    [GeneratedRegex("^[TUCDBGW][A-Z0-9]{8,30}$", RegexOptions.CultureInvariant)]
    private static partial Regex WellFormed();
}
