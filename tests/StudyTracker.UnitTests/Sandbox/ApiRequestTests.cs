using System.Text;
using Microsoft.AspNetCore.Http;
using StudyTracker.Sandbox.WebApi;
using Body = StudyTracker.Sandbox.WebApi.Body;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class ApiRequestTests
{
    private const string Form = "application/x-www-form-urlencoded", Json = "application/json; charset=utf-8";

    [Theory]
    [InlineData("GET", null, "", null)]
    [InlineData("POST", null, "", null)]
    [InlineData("POST", null, "channel=C1", "missing_post_type")]
    [InlineData("POST", "application/xml", "<a/>", "invalid_post_type")]
    [InlineData("POST", "nonsense", "x", "invalid_post_type")]
    [InlineData("POST", "application/json; charset=utf-16", "{}", "invalid_charset")]
    [InlineData("POST", Json, "{", "invalid_json")]
    [InlineData("POST", Json, """{"text":"\ud800"}""", "invalid_json")]
    [InlineData("POST", Json, "[]", "json_not_object")]
    [InlineData("POST", Form, "users[0]=U1", "invalid_array_arg")]
    [InlineData("POST", Form, "a%20b=U1", "invalid_arg_name")]
    [InlineData("POST", "multipart/form-data; boundary=x", "--y", "invalid_form_data")]
    public async Task A_body_that_cannot_be_read_gets_Slacks_word_for_it(string method, string? contentType, string body, string? error) =>
        (await ReadAsync(method, contentType, body)).Error.ShouldBe(error);

    [Fact]
    public async Task Arguments_come_from_the_query_and_a_form_together()
    {
        var (arguments, _) = await ReadAsync("POST", Form, "text=a%26b&token=t", "?channel=C1");

        arguments!.Text("channel").ShouldBe("C1");
        arguments.Text("text").ShouldBe("a&b");
        arguments.Text("token").ShouldBe("t");
        arguments.Warning.ShouldBeNull();
    }

    [Fact]
    public async Task A_method_that_takes_only_forms_does_not_look_at_JSON()
    {
        (await ReadAsync("POST", Json, """{"channel":"C1"}""", body: Body.Form)).Arguments!.Has("channel").ShouldBeFalse();
        (await ReadAsync("POST", Json, """{"channel":"C1"}""")).Arguments!.Has("channel").ShouldBeTrue();
    }

    [Fact]
    public async Task A_token_in_a_JSON_body_is_none() =>
        (await ReadAsync("POST", Json, """{"token":"xoxb-sandbox-T0SEOUL0001"}""")).Arguments!.Text("token").ShouldBeNull();

    [Theory]
    [InlineData("application/json", "{}", "missing_charset")]
    [InlineData(Json, "{}", null)]
    [InlineData(Form, "a=b", null)]
    [InlineData(Form + "; charset=utf-8", "a=b", "superfluous_charset")]
    public async Task An_odd_charset_is_warned_of(string contentType, string body, string? warning) =>
        (await ReadAsync("POST", contentType, body)).Arguments!.Warning.ShouldBe(warning);

    [Fact]
    public void A_warning_stands_beside_the_answer_and_in_its_metadata()
    {
        var answer = ApiAnswer.Error("no_text");
        answer.Warn("missing_charset");

        answer.Body.ToJsonString().ShouldBe("""{"ok":false,"error":"no_text","warning":"missing_charset","response_metadata":{"warnings":["missing_charset"]}}""");
    }

    private static async Task<(ApiArguments? Arguments, string? Error)> ReadAsync(
        string method, string? contentType, string content, string query = "", Body body = Body.FormOrJson)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var request = new DefaultHttpContext().Request;
        (request.Method, request.ContentType, request.QueryString) = (method, contentType, new QueryString(query));
        (request.Body, request.ContentLength) = (new MemoryStream(bytes), bytes.Length);
        return await ApiRequest.ReadAsync(request, body, TestContext.Current.CancellationToken);
    }
}
