// Stand-ins for the Aspire client integrations, with their names, namespaces and parameters, so that the services are the
// same in both package sets. They do what the services use of the originals and nothing more.
#pragma warning disable IDE0130 // the namespaces are the originals'

using Aspire.Confluent.Kafka;
using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Aspire.StackExchange.Redis;
using Confluent.Kafka;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Aspire.Confluent.Kafka
{
    /// <summary>Settings of a producer.</summary>
    public sealed class KafkaProducerSettings
    {
        /// <summary>Bootstrap servers.</summary>
        public string? ConnectionString { get; set; }

        /// <summary>The client's own settings.</summary>
        public ProducerConfig Config { get; } = [];

        /// <summary>Has no effect here: there is no such check.</summary>
        public bool DisableHealthChecks { get; set; }

        /// <summary>Has no effect here: there are no such metrics.</summary>
        public bool DisableMetrics { get; set; }

        /// <summary>Has no effect here: there are no such spans.</summary>
        public bool DisableTracing { get; set; }
    }

    /// <summary>Settings of a consumer.</summary>
    public sealed class KafkaConsumerSettings
    {
        /// <summary>Bootstrap servers.</summary>
        public string? ConnectionString { get; set; }

        /// <summary>The client's own settings.</summary>
        public ConsumerConfig Config { get; } = [];

        /// <summary>Has no effect here: there is no such check.</summary>
        public bool DisableHealthChecks { get; set; }

        /// <summary>Has no effect here: there are no such metrics.</summary>
        public bool DisableMetrics { get; set; }

        /// <summary>Has no effect here: there are no such spans.</summary>
        public bool DisableTracing { get; set; }
    }
}

namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL
{
    /// <summary>Settings of a database context.</summary>
    public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
    {
        /// <summary>Whether failed commands are not repeated by EF Core. Here they never are.</summary>
        public bool DisableRetry { get; set; }

        /// <summary>Time limit of a command, in seconds.</summary>
        public int? CommandTimeout { get; set; }
    }
}

namespace Aspire.StackExchange.Redis
{
    /// <summary>Settings of a Redis connection.</summary>
    public sealed class StackExchangeRedisSettings
    {
        /// <summary>Connection string of StackExchange.Redis.</summary>
        public string? ConnectionString { get; set; }

        /// <summary>Has no effect here: there is no such check.</summary>
        public bool DisableHealthChecks { get; set; }
    }
}

namespace Microsoft.Extensions.Hosting
{
    /// <summary>Stand-ins for the extension methods of the Aspire client integrations.</summary>
    public static partial class IntegrationsCore
    {
        /// <summary>Registers a singleton producer.</summary>
        public static void AddKafkaProducer<TKey, TValue>(
            this IHostApplicationBuilder builder,
            string connectionName,
            Action<KafkaProducerSettings>? configureSettings,
            Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
        {
            var settings = new KafkaProducerSettings { ConnectionString = builder.Configuration.GetConnectionString(connectionName) };
            configureSettings?.Invoke(settings);
            builder.Services.AddSingleton(services =>
            {
                settings.Config.BootstrapServers = Required(settings.ConnectionString, connectionName);
                var producer = new ProducerBuilder<TKey, TValue>(settings.Config);
                configureBuilder?.Invoke(services, producer);
                return producer.SetLogHandler((_, message) => Log(services, message)).Build();
            });
        }

        /// <summary>Registers a keyed singleton consumer.</summary>
        public static void AddKeyedKafkaConsumer<TKey, TValue>(
            this IHostApplicationBuilder builder,
            string name,
            Action<KafkaConsumerSettings>? configureSettings,
            Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
        {
            var settings = new KafkaConsumerSettings { ConnectionString = builder.Configuration.GetConnectionString(name) };
            configureSettings?.Invoke(settings);
            builder.Services.AddKeyedSingleton(name, (services, _) =>
            {
                settings.Config.BootstrapServers = Required(settings.ConnectionString, name);
                var consumer = new ConsumerBuilder<TKey, TValue>(settings.Config);
                configureBuilder?.Invoke(services, consumer);
                return consumer.SetLogHandler((_, message) => Log(services, message)).Build();
            });
        }

        /// <summary>Completes a database context that is already registered: health check and time limit.</summary>
        public static void EnrichNpgsqlDbContext<TContext>(
            this IHostApplicationBuilder builder, Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null)
            where TContext : DbContext
        {
            var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
            configureSettings?.Invoke(settings);
            if (settings.CommandTimeout is { } seconds)
                builder.Services.ConfigureDbContext<TContext>(options => options.UseNpgsql(npgsql => npgsql.CommandTimeout(seconds)));
        }

        /// <summary>Registers a singleton Redis connection.</summary>
        public static void AddRedisClient(
            this IHostApplicationBuilder builder,
            string connectionName,
            Action<StackExchangeRedisSettings>? configureSettings = null,
            Action<ConfigurationOptions>? configureOptions = null)
        {
            var settings = new StackExchangeRedisSettings { ConnectionString = builder.Configuration.GetConnectionString(connectionName) };
            configureSettings?.Invoke(settings);
            builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
            {
                var options = ConfigurationOptions.Parse(Required(settings.ConnectionString, connectionName));
                options.LoggerFactory = services.GetService<ILoggerFactory>();
                configureOptions?.Invoke(options);
                return ConnectionMultiplexer.Connect(options);
            });
        }

        private static string Required(string? connectionString, string name) =>
            !string.IsNullOrWhiteSpace(connectionString)
                ? connectionString
                : throw new InvalidOperationException(
                    $"ConnectionStrings:{name} is missing.");

        private static void Log(IServiceProvider services, LogMessage message) => LogClient(
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Confluent.Kafka"),
            (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging),
            message.Facility,
            message.Message);

        [LoggerMessage(Message = "{Facility}: {Text}")]
        private static partial void LogClient(ILogger logger, LogLevel level, string facility, string text);
    }
}
