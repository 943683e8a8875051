using System.Globalization;
using System.Text.Json;

namespace StudyTracker.Sandbox.WebApi.Blocks;

/// <summary>
/// The rules of block-rules.json. A property's rule is one of: <c>string min..max</c>, <c>one-of words</c>, <c>boolean</c>, <c>number</c>,
/// <c>plain max</c> (a plain_text object), <c>text max</c> (plain_text or mrkdwn), <c>object name</c>, <c>any-of group</c>,
/// <c>list rule min..max</c>, <c>anything</c>. An exclamation mark behind a property's name says that it has to be there.
/// </summary>
internal sealed class RuleBook
{
    private readonly Source _source;
    private readonly Dictionary<string, Rule> _records = [];

    private RuleBook(Source source) => _source = source;

    /// <summary>The one book.</summary>
    public static RuleBook Slack { get; } = Read();

    /// <summary>The rule for an object of any type in a group.</summary>
    public Rule Group(string name) => new Rule.ByType(_source.Groups[name].ToDictionary(
        type => _source.Names.GetValueOrDefault(type, type),
        type => new Lazy<Rule>(() => Record(_source.Types, type))));

    /// <summary>The rule for a plain_text object of so many characters.</summary>
    public Rule Plain(int max) => new Rule.TextObject(Only("plain_text"), max);

    private static RuleBook Read()
    {
        using var stream = typeof(RuleBook).Assembly.GetManifestResourceStream("StudyTracker.Sandbox.WebApi.Blocks.block-rules.json")!;
        return new RuleBook(JsonSerializer.Deserialize<Source>(stream, JsonSerializerOptions.Web)!);
    }

    private Rule Record(Dictionary<string, Dictionary<string, string>> from, string name)
    {
        lock (_records)
        {
            if (_records.TryGetValue(name, out var known)) return known;
            return _records[name] = new Rule.Record(
                from[name].Where(property => property.Key != "*").ToDictionary(
                    property => property.Key.TrimEnd('!'),
                    property => (Parse(property.Value.Split(' ')), property.Key.EndsWith('!'))),
                from[name].ContainsKey("*"));
        }
    }

    private Rule Parse(string[] words) => words switch
    {
        ["anything"] => new Rule.Anything(),
        ["boolean"] => new Rule.YesOrNo(),
        ["number"] => new Rule.Number(),
        ["string", var range] => new Rule.Words(Range(range).Min, Range(range).Max),
        ["one-of", .. var allowed] => new Rule.OneOf(allowed),
        ["plain", var max] => Plain(Number(max)),
        ["text", var max] => new Rule.TextObject(Only("plain_text", "mrkdwn"), Number(max)),
        ["object", var name] => Record(_source.Objects, name),
        ["any-of", var group] => Group(group),
        ["list", .. var item, var range] => new Rule.ListOf(Parse(item), Range(range).Min, Range(range).Max),
        _ => throw new InvalidOperationException($"Not a rule: {string.Join(' ', words)}."),
    };

    private Rule.ByType Only(params string[] types) => new(types.ToDictionary(type => type, type => new Lazy<Rule>(() => Record(_source.Types, type))));

    private static (int Min, int Max) Range(string text)
    {
        var ends = text.Split("..");
        return (Number(ends[0]), Number(ends[1]));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Source(
        Dictionary<string, string[]> Groups,
        Dictionary<string, Dictionary<string, string>> Types,
        Dictionary<string, string> Names,
        Dictionary<string, Dictionary<string, string>> Objects);
}
