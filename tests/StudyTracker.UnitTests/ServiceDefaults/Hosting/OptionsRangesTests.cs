using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using StudyTracker.Hosting;
using StudyTracker.Ingress;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Delivery;
using StudyTracker.Notifier.Pace;
using StudyTracker.Summarizer.Intake;
using StudyTracker.Summarizer.Members;
using StudyTracker.Summarizer.Revisions;
using StudyTracker.Summarizer.Runs;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Summaries;
using IngressSlackOptions = StudyTracker.Ingress.SlackOptions;
using NotifierRetentionOptions = StudyTracker.Notifier.Retention.RetentionOptions;
using NotifierSlackOptions = StudyTracker.Notifier.Slack.SlackOptions;
using SummarizerRetentionOptions = StudyTracker.Summarizer.Retention.RetentionOptions;
using SummarizerSlackOptions = StudyTracker.Summarizer.Members.SlackOptions;

namespace StudyTracker.UnitTests.ServiceDefaults.Hosting;

/// <summary>Every options class of the services: what is required, what is refused, and that the defaults will do.</summary>
public sealed class OptionsRangesTests
{
    private static readonly Dictionary<string, Func<object>> _valid = new()
    {
        [nameof(KafkaOptions)] = () => new KafkaOptions(),
        [nameof(ConsumerOptions)] = () => new ConsumerOptions(),
        [nameof(OperationsOptions)] = () => new OperationsOptions { ApiKey = new string('k', 16) },
        [nameof(IngressOptions)] = () => new IngressOptions(),
        ["Ingress.SlackOptions"] = () => new IngressSlackOptions { SigningSecret = new string('s', 32) },
        [nameof(IntakeOptions)] = () => new IntakeOptions(),
        ["Summarizer.RetentionOptions"] = () => new SummarizerRetentionOptions(),
        ["Notifier.RetentionOptions"] = () => new NotifierRetentionOptions(),
        [nameof(RevisionOptions)] = () => new RevisionOptions(),
        [nameof(ScheduleOptions)] = () => new ScheduleOptions(),
        [nameof(MemberOptions)] = () => new MemberOptions(),
        [nameof(RunsOptions)] = () => new RunsOptions(),
        ["Summarizer.SlackOptions"] = () => new SummarizerSlackOptions(),
        [nameof(ModelOptions)] = () => new ModelOptions { ApiKey = "key" },
        [nameof(PromptCacheOptions)] = () => new PromptCacheOptions(),
        [nameof(ReplayOptions)] = () => new ReplayOptions(),
        [nameof(DeliveryOptions)] = () => new DeliveryOptions(),
        [nameof(PaceOptions)] = () => new PaceOptions(),
        ["Notifier.SlackOptions"] = () => new NotifierSlackOptions { BotToken = "xoxb-1" },
    };

    public static TheoryData<string> Classes => [.. _valid.Keys];

    /// <summary>Class, property, value, and whether the value is allowed: the ends of every range and one step beyond.</summary>
    public static TheoryData<string, string, long, bool> Ends()
    {
        var rows = new TheoryData<string, string, long, bool>();
        foreach (var (name, make) in _valid)
        {
            foreach (var property in make().GetType().GetProperties())
            {
                if (property.GetCustomAttribute<RangeAttribute>() is not { } range) continue;
                var (low, high) = (Convert.ToInt64(range.Minimum, CultureInfo.InvariantCulture), Convert.ToInt64(range.Maximum, CultureInfo.InvariantCulture));
                rows.Add(name, property.Name, low, true);
                rows.Add(name, property.Name, high, true);
                rows.Add(name, property.Name, low - 1, false);
                rows.Add(name, property.Name, high + 1, false);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Defaults_are_valid(string name) => Errors(_valid[name]()).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Classes))]
    public void Every_number_has_a_range_and_an_error_that_says_it(string name)
    {
        foreach (var property in _valid[name]().GetType().GetProperties().Where(property => property.PropertyType.IsPrimitive && property.PropertyType != typeof(bool)))
        {
            var range = property.GetCustomAttribute<RangeAttribute>().ShouldNotBeNull($"{name}.{property.Name}");
            range.ErrorMessage.ShouldNotBeNull().ShouldContain(Convert.ToInt64(range.Maximum, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture));
            range.ErrorMessage.ShouldContain(Convert.ToInt64(range.Minimum, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(34, false)]
    [InlineData(35, true)]
    public void Messages_and_deliveries_are_kept_at_least_as_long_as_a_month_and_its_late_ones_take(int days, bool allowed)
    {
        Errors(new SummarizerRetentionOptions { MessageDays = days }).ShouldBe(allowed ? [] : [nameof(SummarizerRetentionOptions.MessageDays)]);
        Errors(new NotifierRetentionOptions { DeliveryDays = days }).ShouldBe(allowed ? [] : [nameof(NotifierRetentionOptions.DeliveryDays)]);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Ranges_hold(string name, string property, long value, bool allowed)
    {
        var options = _valid[name]();
        var target = options.GetType().GetProperty(property)!;
        target.SetValue(options, Convert.ChangeType(value, target.PropertyType, CultureInfo.InvariantCulture));

        Errors(options).ShouldBe(allowed ? [] : [property]);
    }

    [Fact]
    public void The_operators_key_is_required_and_long_enough()
    {
        Errors(new OperationsOptions()).ShouldBe([nameof(OperationsOptions.ApiKey)]);
        Errors(new OperationsOptions { ApiKey = new string('k', 15) }).ShouldBe([nameof(OperationsOptions.ApiKey)]);
    }

    [Fact]
    public void The_signing_secret_is_required_and_long_enough()
    {
        Errors(new IngressSlackOptions()).ShouldBe([nameof(IngressSlackOptions.SigningSecret)]);
        Errors(new IngressSlackOptions { SigningSecret = new string('s', 15) }).ShouldBe([nameof(IngressSlackOptions.SigningSecret)]);
    }

    [Fact]
    public void The_models_key_and_name_are_required()
    {
        Errors(new ModelOptions()).ShouldBe([nameof(ModelOptions.ApiKey)]);
        Errors(new ModelOptions { ApiKey = "key", Model = "" }).ShouldBe([nameof(ModelOptions.Model)]);
    }

    [Theory]
    [InlineData("api.openai.com/v1")]
    [InlineData("/v1")]
    [InlineData("file:///v1")]
    public void The_models_address_is_an_http_address(string address) =>
        Errors(new ModelOptions { ApiKey = "key", Endpoint = new Uri(address, UriKind.RelativeOrAbsolute) }).ShouldBe([nameof(ModelOptions.Endpoint)]);

    private static IEnumerable<string> Errors(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return results.SelectMany(result => result.MemberNames);
    }
}
