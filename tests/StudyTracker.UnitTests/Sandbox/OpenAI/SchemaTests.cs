using System.Text.Json;
using StudyTracker.Sandbox.OpenAI.Schemas;

namespace StudyTracker.UnitTests.Sandbox.OpenAI;

/// <summary>Schemas of answers: which OpenAI takes as strict, and that what is taken is answered by it.</summary>
public sealed class SchemaTests
{
    [Theory]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", """schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.""")]
    [InlineData("""{"anyOf":[{"type":"object"}]}""", """schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""", "In context=(), 'additionalProperties' is required to be supplied and to be false.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":true}""", "In context=(), 'additionalProperties' is required to be supplied and to be false.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a"],"additionalProperties":false}""", "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'b'.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a","z"],"additionalProperties":false}""", "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Extra required key 'z' supplied.")]
    public void A_root_that_is_not_strict_is_refused(string schema, string problem) => Problem(schema).ShouldBe(problem);

    [Theory]
    [InlineData("""{"type":"string","minLength":3}""", "In context=('properties', 'a'), 'minLength' is not permitted.")]
    [InlineData("""{"oneOf":[{"type":"string"}]}""", "In context=('properties', 'a'), 'oneOf' is not permitted.")]
    [InlineData("""{"type":"string","default":"x"}""", "In context=('properties', 'a'), 'default' is not permitted.")]
    [InlineData("""{"description":"anything"}""", "In context=('properties', 'a'), schema must have a 'type' key.")]
    [InlineData("""{"type":"array"}""", "In context=('properties', 'a'), array schema missing items.")]
    [InlineData("""{"type":"array","items":{"type":"object","properties":{},"required":[]}}""", "In context=('properties', 'a', 'items'), 'additionalProperties' is required to be supplied and to be false.")]
    [InlineData("""{"type":"array","items":{"type":"string"},"uniqueItems":true}""", "In context=('properties', 'a'), 'uniqueItems' is not permitted.")]
    [InlineData("""{"type":"text"}""", "In context=('properties', 'a', 'type'), 'text' is not valid under any of the given schemas.")]
    [InlineData("""{"type":"string","format":"uri"}""", "In context=('properties', 'a'), 'uri' is not a valid format.")]
    [InlineData("""{"type":"string","pattern":"(?=a)b"}""", "In context=('properties', 'a', 'pattern'), '(?=a)b' is not a 'regex' that is supported.")]
    [InlineData("""{"$ref":"#/$defs/nowhere"}""", "In context=('properties', 'a'), reference can only point to definitions defined at the top level of the schema.")]
    [InlineData("""{"$ref":"https://x.example/s.json"}""", "In context=('properties', 'a'), reference can only point to definitions defined at the top level of the schema.")]
    [InlineData("""{"$ref":"#","description":"more"}""", "In context=('properties', 'a'), $ref cannot have keywords {'description'}.")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"object","properties":{"b":{"type":"string"}},"required":[],"additionalProperties":false}]}""", "In context=('properties', 'a', 'anyOf', '1'), 'required' is required to be supplied and to be an array including every key in properties. Missing 'b'.")]
    [InlineData("""{"$ref":"#"}""", "In context=(), every value would have to hold another of its own kind without end.")]
    [InlineData("""{"type":"integer","minimum":5,"maximum":4}""", "the sandbox's model finds no value that fits it.")]
    [InlineData("""{"type":"string","enum":[]}""", "In context=('properties', 'a', 'enum'), [] should be non-empty.")]
    public void A_part_that_is_not_strict_is_refused_by_its_place(string part, string problem) => Problem(Around(part)).ShouldBe(problem);

    [Fact]
    public void A_choice_that_leads_back_to_itself_is_refused() =>
        Problem("""{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}},"required":["a"],"additionalProperties":false,"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"null"}]}}}""")
            .ShouldBe("In context=(), a reference leads back to itself.");

    [Fact]
    public void Schemas_have_limits()
    {
        var deep = Enumerable.Range(0, 11).Aggregate("""{"type":"string"}""", (inner, _) => Around(inner));
        Problem(deep).ShouldEndWith("schema exceeds the maximum of 10 levels of nesting.");

        var names = Enumerable.Range(0, 5_001).Select(number => $"p{number}").ToList();
        Problem(JsonSerializer.Serialize(new
        {
            type = "object",
            properties = names.ToDictionary(name => name, _ => new { type = "null" }),
            required = names,
            additionalProperties = false,
        })).ShouldEndWith("schema exceeds the maximum of 5000 object properties in total.");

        Problem(Around(JsonSerializer.Serialize(new { type = "string", @enum = Enumerable.Range(0, 1_001).Select(number => $"{number}") })))
            .ShouldEndWith("schema exceeds the maximum of 1000 enum values in total.");
        Problem(Around(JsonSerializer.Serialize(new { type = "string", @enum = Enumerable.Range(0, 251).Select(number => $"{number:d60}") })))
            .ShouldEndWith("an enum of more than 250 values exceeds the maximum of 15000 characters.");
    }

    [Theory]
    [InlineData("""{"type":"string"}""")]
    [InlineData("""{"type":["string","null"],"description":"d","title":"t"}""")]
    [InlineData("""{"type":"string","enum":["b","c"]}""")]
    [InlineData("""{"type":"integer","enum":[3,4]}""")]
    [InlineData("""{"type":"string","const":"only"}""")]
    [InlineData("""{"type":"boolean"}""")]
    [InlineData("""{"type":"null"}""")]
    [InlineData("""{"type":"integer","minimum":7,"maximum":9}""")]
    [InlineData("""{"type":"integer","exclusiveMinimum":7,"multipleOf":5}""")]
    [InlineData("""{"type":"number","exclusiveMaximum":-3}""")]
    [InlineData("""{"type":"number","minimum":0.1,"maximum":0.2}""")]
    [InlineData("""{"type":"integer","maximum":-40,"multipleOf":7}""")]
    [InlineData("""{"type":"array","items":{"type":"string"},"minItems":3,"maxItems":4}""")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"maxItems":0}""")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"string"}]}""")]
    [InlineData("""{"type":"string","format":"date-time"}""")]
    [InlineData("""{"type":"string","format":"time"}""")]
    [InlineData("""{"type":"string","format":"date"}""")]
    [InlineData("""{"type":"string","format":"duration"}""")]
    [InlineData("""{"type":"string","format":"email"}""")]
    [InlineData("""{"type":"string","format":"hostname"}""")]
    [InlineData("""{"type":"string","format":"ipv4"}""")]
    [InlineData("""{"type":"string","format":"ipv6"}""")]
    [InlineData("""{"type":"string","format":"uuid"}""")]
    [InlineData("""{"type":"string","pattern":"^@[a-zA-Z0-9_]+$"}""")]
    [InlineData("""{"type":"string","pattern":"^(0[1-9]|1[0-2])-\\d{4}$"}""")]
    [InlineData("""{"type":"string","pattern":"^[^a-z]{2,3}\\.(?:com|org)?$"}""")]
    [InlineData("""{"type":"string","pattern":"^\\p{Lu}\\w* \\[x{2}\\]$"}""")]
    [InlineData("""{"type":"string","pattern":"(?<year>\\d\\d)|\\u0041"}""")]
    [InlineData("""{"type":"string","pattern":"^(?i)ab\\x41$"}""")]
    [InlineData("""{"$ref":"#/$defs/tree"}""")]
    [InlineData("""{"type":"array","items":{"$ref":"#/$defs/tree"},"minItems":2}""")]
    public void What_is_taken_is_answered_by_it(string part)
    {
        var (schema, problem) = Read(Around(part));

        problem.ShouldBeNull();
        Fits(schema!, SampleOf(schema!)).ShouldBeTrue(SampleOf(schema!).GetRawText());
    }

    [Theory]
    [InlineData("""{"type":"string","minLength":30,"maxLength":40}""")]
    [InlineData("""{"type":"string","maxLength":2}""")]
    [InlineData("""{"type":"object","properties":{"x":{"oneOf":[{"type":"integer"}]},"y":{"allOf":[{"type":"string"}]}},"required":["x"]}""")]
    [InlineData("""{"enum":["a",1,null]}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""")]
    [InlineData("""true""")]
    public void A_schema_that_is_not_strict_is_followed_too(string part)
    {
        var (schema, problem) = SchemaReader.Read(JsonDocument.Parse($$"""{"required":["a"],"type":"object","properties":{"a":{{part}} } }""").RootElement, strict: false);

        problem.ShouldBeNull();
        Fits(schema!, SampleOf(schema!)).ShouldBeTrue(SampleOf(schema!).GetRawText());
    }

    [Theory]
    [InlineData("""{"type":"integer"}""", "1.5")]
    [InlineData("""{"type":"integer","minimum":2}""", "1")]
    [InlineData("""{"type":"number","multipleOf":0.5}""", "0.7")]
    [InlineData("""{"type":"string","enum":["a"]}""", "\"b\"")]
    [InlineData("""{"type":"string","pattern":"^a$"}""", "\"b\"")]
    [InlineData("""{"type":"string","format":"uuid"}""", "\"b\"")]
    [InlineData("""{"type":"array","items":{"type":"string"},"minItems":1}""", "[]")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "[1]")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"string"}]}""", "1")]
    [InlineData("""{"$ref":"#/$defs/tree"}""", """{"value":"v","children":[{"value":"w"}]}""")]
    public void What_does_not_fit_is_told_apart(string part, string value) =>
        Fits(Read(Around(part)).Schema!, JsonDocument.Parse($$"""{"a":{{value}} }""").RootElement).ShouldBeFalse();

    [Fact]
    public void A_schema_is_read_once()
    {
        var cache = new SchemaCache();
        var schema = JsonDocument.Parse(Around("""{"type":"string"}""")).RootElement;

        cache.Read(schema, strict: true).Schema.ShouldBeSameAs(cache.Read(schema, strict: true).Schema);
        cache.Read(schema, strict: false).Schema.ShouldNotBeSameAs(cache.Read(schema, strict: true).Schema);
    }

    private static bool Fits(SchemaNode schema, JsonElement value) => SchemaCheck.Fits(schema, value);

    private static JsonElement SampleOf(SchemaNode schema) => JsonSerializer.SerializeToElement(SchemaSample.Of(schema, ["a note", "another"]));

    /// <summary>A strict object with one member <c>a</c> of the given schema; a tree is defined beside it.</summary>
    private static string Around(string part) => """
        {"type":"object","properties":{"a":PART},"required":["a"],"additionalProperties":false,
        "$defs":{"tree":{"type":"object","properties":{"value":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/$defs/tree"}}},"required":["value","children"],"additionalProperties":false}}}
        """.Replace("PART", part, StringComparison.Ordinal);

    private static string? Problem(string schema) => Read(schema).Problem;

    // As callers get it: with the proof that a value can be found.
    private static (SchemaNode? Schema, string? Problem) Read(string schema) => new SchemaCache().Read(JsonDocument.Parse(schema).RootElement, strict: true);
}
