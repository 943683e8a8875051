using System.Globalization;
using System.Text.Json;

namespace StudyTracker.Sandbox.WebApi.Blocks;

/// <summary>A rule for a value in Block Kit. It adds what is wrong, in the words of Slack's validator (its hack-json-schema).</summary>
internal abstract record Rule
{
    public abstract void Check(JsonElement value, string at, List<string> problems);

    protected static void Add(List<string> problems, string problem, string at) => problems.Add($"{problem} [json-pointer:{at}]");

    /// <summary>Characters as Slack counts them: code points.</summary>
    protected static int LengthOf(string text) => text.EnumerateRunes().Count();

    /// <summary>The rule for a value of which there is none.</summary>
    public sealed record Anything : Rule
    {
        public override void Check(JsonElement value, string at, List<string> problems)
        {
        }
    }

    public sealed record YesOrNo : Rule
    {
        public override void Check(JsonElement value, string at, List<string> problems)
        {
            if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Add(problems, "must be a boolean", at);
        }
    }

    public sealed record Number : Rule
    {
        public override void Check(JsonElement value, string at, List<string> problems)
        {
            if (value.ValueKind != JsonValueKind.Number) Add(problems, "must provide a number", at);
        }
    }

    public sealed record Words(int Min, int Max) : Rule
    {
        public override void Check(JsonElement value, string at, List<string> problems)
        {
            if (value.ValueKind != JsonValueKind.String)
            {
                Add(problems, "must provide a string", at);
                return;
            }

            var length = LengthOf(value.GetString()!);
            if (length < Min) Add(problems, Invariant($"must be more than {Min - 1} characters"), at);
            if (length > Max) Add(problems, Invariant($"must be less than {Max + 1} characters"), at);
        }
    }

    public sealed record OneOf(IReadOnlyList<string> Allowed) : Rule
    {
        public override void Check(JsonElement value, string at, List<string> problems)
        {
            if (value.ValueKind != JsonValueKind.String) Add(problems, "must provide a string", at);
            else if (!Allowed.Contains(value.GetString())) Add(problems, "must be a valid enum value", at);
        }
    }

    public sealed record ListOf(Rule Item, int Min, int Max) : Rule
    {
        public override void Check(JsonElement value, string at, List<string> problems)
        {
            if (value.ValueKind != JsonValueKind.Array)
            {
                Add(problems, "must provide an array", at);
                return;
            }

            var count = value.GetArrayLength();
            if (count < Min) Add(problems, Invariant($"must provide at least {Min} items"), at);
            if (count > Max) Add(problems, Invariant($"no more than {Max} items allowed"), at);
            var index = 0;
            foreach (var item in value.EnumerateArray()) Item.Check(item, Invariant($"{at}/{index++}"), problems);
        }
    }

    /// <param name="Properties">Their rules, and whether each has to be there.</param>
    /// <param name="IsOpen">Whether other properties may be there too.</param>
    public sealed record Record(IReadOnlyDictionary<string, (Rule Rule, bool IsRequired)> Properties, bool IsOpen) : Rule
    {
        public override void Check(JsonElement value, string at, List<string> problems)
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                Add(problems, "must provide an object", at);
                return;
            }

            foreach (var (name, (_, isRequired)) in Properties)
            {
                if (isRequired && !value.TryGetProperty(name, out _)) Add(problems, $"missing required field: {name}", at);
            }

            foreach (var member in value.EnumerateObject())
            {
                if (Properties.TryGetValue(member.Name, out var property)) property.Rule.Check(member.Value, $"{at}/{member.Name}", problems);
                else if (!IsOpen && member.Name != "type") Add(problems, $"invalid additional property: {member.Name}", at);
            }
        }
    }

    /// <summary>An object whose <c>type</c> says which rule is for it.</summary>
    public sealed record ByType(IReadOnlyDictionary<string, Lazy<Rule>> Types) : Rule
    {
        public override void Check(JsonElement value, string at, List<string> problems)
        {
            if (value.ValueKind != JsonValueKind.Object) Add(problems, "must provide an object", at);
            else if (!value.TryGetProperty("type", out var type)) Add(problems, "missing required field: type", at);
            else if (type.ValueKind != JsonValueKind.String) Add(problems, "must provide a string", $"{at}/type");
            else if (!Types.TryGetValue(type.GetString()!, out var rule)) Add(problems, $"unsupported type: {type.GetString()}", $"{at}/type");
            else rule.Value.Check(value, at, problems);
        }
    }

    /// <summary>A text object of so many characters at most. Slack tells twice when there are more.</summary>
    public sealed record TextObject(Rule Kind, int Max) : Rule
    {
        public override void Check(JsonElement value, string at, List<string> problems)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("text", out var text)
                || text.ValueKind != JsonValueKind.String || LengthOf(text.GetString()!) <= Max)
            {
                Kind.Check(value, at, problems);
                return;
            }

            Add(problems, "failed to match all allowed schemas", at);
            Add(problems, Invariant($"must be less than {Max + 1} characters"), $"{at}/text");
        }
    }

    protected static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
