using StudyTracker.AppHost.Local;

namespace StudyTracker.UnitTests.AppHost;

public sealed class ServiceEnvironmentTests
{
    private static readonly ServiceLinks _links = new()
    {
        Ports = new Dictionary<string, int>
        {
            [ServiceNames.Sandbox] = 7080,
            [ServiceNames.Ingress] = 7081,
            [ServiceNames.Summarizer] = 7082,
            [ServiceNames.Notifier] = 7083,
        },
        ManagementPorts = new Dictionary<string, int> { [ServiceNames.Ingress] = 7084 },
        Kafka = "127.0.0.1:9000",
        KafkaIsLocal = true,
        PartitionCount = 12,
        StudyDb = "Host=db",
        Redis = "cache:6379",
        OperatorKey = "key",
        SigningSecret = "secret",
        FailPoints = "/failpoints",
        SandboxJournal = "/journal",
        SlackIsReal = false,
        OpenAIIsReal = false,
    };

    private static readonly LocalHostSetup _setup = new()
    {
        Instance = "test",
        Environment = new Dictionary<string, string> { ["PATH"] = "/bin" },
    };

    [Fact]
    public void Ingress_answers_its_operator_on_a_port_of_its_own()
    {
        var settings = ServiceEnvironment.For(ServiceNames.Ingress, _setup, _links);

        settings["ASPNETCORE_URLS"].ShouldBe("http://127.0.0.1:7081;http://127.0.0.1:7084");
        settings["Management__Port"].ShouldBe("7084");
        settings["Slack__SigningSecret"].ShouldBe("secret");
        settings["PATH"].ShouldBe("/bin");
    }

    [Fact]
    public void Only_the_services_with_storage_are_told_where_it_is()
    {
        ServiceEnvironment.For(ServiceNames.Ingress, _setup, _links).Keys.ShouldNotContain("ConnectionStrings__studydb");
        ServiceEnvironment.For(ServiceNames.Notifier, _setup, _links)["ConnectionStrings__studydb"].ShouldBe("Host=db");
    }

    [Fact]
    public void The_sandbox_stands_in_for_slack_and_openai()
    {
        ServiceEnvironment.For(ServiceNames.Summarizer, _setup, _links)["OpenAI__Endpoint"].ShouldBe("http://127.0.0.1:7080/v1");
        ServiceEnvironment.For(ServiceNames.Notifier, _setup, _links)["Slack__ApiUrl"].ShouldBe("http://127.0.0.1:7080/api/");
    }

    [Fact]
    public void Only_the_notifier_has_a_token_of_slack()
    {
        foreach (var service in new[] { ServiceNames.Ingress, ServiceNames.Summarizer })
            ServiceEnvironment.For(service, _setup, _links).Keys.ShouldNotContain(name => name.StartsWith("Slack__BotToken", StringComparison.Ordinal));
        ServiceEnvironment.For(ServiceNames.Notifier, _setup, _links).Keys.ShouldContain("Slack__BotTokenTemplate");
    }

    [Fact]
    public void Real_keys_are_left_as_the_user_set_them()
    {
        var setup = _setup with { Environment = new Dictionary<string, string> { ["OpenAI__ApiKey"] = "sk-real" } };

        var settings = ServiceEnvironment.For(ServiceNames.Summarizer, setup, _links with { OpenAIIsReal = true });

        settings["OpenAI__ApiKey"].ShouldBe("sk-real");
        settings.Keys.ShouldNotContain("OpenAI__Endpoint");
    }

    [Fact]
    public void Settings_that_only_the_local_broker_needs_stay_away_from_a_real_one()
    {
        ServiceEnvironment.For(ServiceNames.Ingress, _setup, _links)["Kafka__EnableIdempotence"].ShouldBe("false");
        ServiceEnvironment.For(ServiceNames.Ingress, _setup, _links with { KafkaIsLocal = false })
            .Keys.ShouldNotContain("Kafka__EnableIdempotence");
    }

    [Fact]
    public void What_the_caller_adds_wins_and_what_it_adds_for_one_service_wins_most()
    {
        var setup = _setup with
        {
            Settings = new Dictionary<string, string> { ["Kafka__FetchWaitMaxMs"] = "5", ["OpenAI__Model"] = "a" },
            ServiceSettings = new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                [ServiceNames.Summarizer] = new Dictionary<string, string> { ["OpenAI__Model"] = "b" },
            },
        };

        var settings = ServiceEnvironment.For(ServiceNames.Summarizer, setup, _links);

        settings["Kafka__FetchWaitMaxMs"].ShouldBe("5");
        settings["OpenAI__Model"].ShouldBe("b");
    }

    [Fact]
    public void Tests_do_not_inherit_settings_of_the_machine() =>
        ServiceEnvironment.WithoutSettings(new Dictionary<string, string>
        {
            ["PATH"] = "/bin",
            ["Slack__BotToken"] = "xoxb-real",
            ["ConnectionStrings__kafka"] = "kafka:9092",
            ["ASPNETCORE_URLS"] = "http://*:80",
        }).Keys.ShouldBe(["PATH"]);
}
