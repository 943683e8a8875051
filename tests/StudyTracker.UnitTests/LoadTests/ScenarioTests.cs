using StudyTracker.LoadTests;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Scenarios;

namespace StudyTracker.UnitTests.LoadTests;

public sealed class ScenarioTests
{
    private static readonly ScenarioFile _file = ScenarioFile.Load();

    [Theory]
    [InlineData("SC1", 33_600, 0, 2)]
    [InlineData("SC1b-pooled", 60_000, 0, 2)]
    [InlineData("SC1b-churn", 60_000, 0, 2)]
    [InlineData("SC1b-spread", 60_000, 0, 2)]
    [InlineData("SC2", 300, 20, 1)]
    [InlineData("SC3", 60_000, 10, 2)]
    [InlineData("SC3-429", 60_000, 10, 2)]
    [InlineData("SC4", 150, 1, 1)]
    public void A_scenario_sends_what_the_report_counts_over_as_many_workspaces_as_slack_needs(string id, int events, int triggers, int workspaces)
    {
        var plan = Plan(id);

        plan.EventCount.ShouldBe(events);
        (plan.Triggers?.Count ?? 0).ShouldBe(triggers);
        plan.Workspaces.ShouldBe(workspaces);
        plan.Stages.SelectMany(stage => Enumerable.Range(stage.First, stage.Count)).ShouldBe(Enumerable.Range(0, events));
    }

    [Fact]
    public void SC1_goes_from_100_to_5000_connections() =>
        Plan("SC1").Stages.Select(stage => stage.Users).ShouldBe([100, 500, 1_000, 1_600, 3_000, 5_000]);

    [Fact]
    public void Triggers_come_by_the_clock_of_the_report()
    {
        Plan("SC2").Triggers!.Due!.Select(due => due.TotalSeconds).ShouldBe(Enumerable.Range(0, 20).Select(trigger => 300.0 + 60 * trigger));
        Plan("SC3").Triggers!.Due!.Select(due => due.TotalSeconds).ShouldBe(Enumerable.Range(1, 10).Select(trigger => 60.0 * trigger));
        Plan("SC4").Triggers!.Due!.ShouldBe([TimeSpan.FromMinutes(15)]);
    }

    [Fact]
    public void Speed_compresses_what_has_a_clock_and_says_so()
    {
        var plan = Plan("SC3", new LoadOptions { Speed = 10 });

        plan.Length.ShouldBe(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1));
        plan.Triggers!.Due![0].ShouldBe(TimeSpan.FromSeconds(6));
        plan.Notes.ShouldContain(note => note.Contains("Time is compressed"));
        Plan("SC1", new LoadOptions { Speed = 10 }).Length.ShouldBe(Plan("SC1").Length);
    }

    [Fact]
    public void Scale_changes_users_and_what_exceeds_slacks_cap_is_said()
    {
        Plan("SC3", new LoadOptions { Scale = 0.1 }).EventCount.ShouldBe(6_000);
        Plan("SC4", new LoadOptions { Scale = 0.001 }).EventCount.ShouldBe(3);
        Plan("SC3", new LoadOptions { Workspaces = 1 }).Notes.ShouldContain(note => note.Contains("Slack would not deliver this"));
    }

    [Fact]
    public void Without_a_pace_users_send_as_they_are_answered()
    {
        Plan("SC1", new LoadOptions { Rate = 0 }).Stages.ShouldAllBe(stage => stage.Due == null);
        Plan("SC1b-churn").Stages.ShouldAllBe(stage => stage.Due == null && stage.Use == ConnectionUse.PerRequest && stage.Source.PortCount == 4_000);
    }

    [Fact]
    public void Names_stand_for_one_for_its_variants_or_for_all()
    {
        _file.Select("sc3").ShouldHaveSingleItem().Id.ShouldBe("SC3");
        _file.Select("SC1b").Select(scenario => scenario.Id).ShouldBe(["SC1b-pooled", "SC1b-churn", "SC1b-spread"]);
        _file.Select("all").Select(scenario => scenario.Id).Order().ShouldBe(_file.Scenarios.Select(scenario => scenario.Id).Order());
        Should.Throw<LoadException>(() => _file.Select("SC9")).Message.ShouldContain("SC1b-churn");
    }

    [Fact]
    public void Slacks_limits_alone_allow_a_run_so_much_time()
    {
        _file.Slack.Allowed(posts: 100, postsPerMinute: 300).ShouldBe(TimeSpan.FromSeconds(16));
        _file.Slack.Allowed(posts: 1, postsPerMinute: 300).ShouldBe(TimeSpan.FromSeconds(5));
    }

    private static LoadPlan Plan(string id, LoadOptions? options = null) => LoadPlan.Of(_file.Select(id).Single(), _file.Slack, options ?? new LoadOptions());
}
