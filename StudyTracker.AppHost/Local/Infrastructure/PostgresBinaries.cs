using System.Globalization;
using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.AppHost.Local.Infrastructure;

/// <summary>An installed PostgreSQL.</summary>
/// <param name="Folder">Where initdb and postgres are.</param>
/// <param name="Major">Its major version; data of another one is not readable to it.</param>
internal sealed record PostgresBinaries(string Folder, int Major)
{
    private const string DebianRoot = "/usr/lib/postgresql";

    /// <summary>initdb, which creates a data folder.</summary>
    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>postgres, the server.</summary>
    public string Postgres => Path.Combine(Folder, "postgres");

    /// <summary>Every PostgreSQL on this machine, newest first: Debian's folders, then PATH.</summary>
    public static IReadOnlyList<PostgresBinaries> Installed()
    {
        var folders = Directory.Exists(DebianRoot)
            ? Directory.EnumerateDirectories(DebianRoot).Select(version => Path.Combine(version, "bin")).ToList()
            : [];
        if (Launcher.FindInPath("postgres") is { } inPath)
        {
            folders.Add(Path.GetDirectoryName(File.ResolveLinkTarget(inPath, returnFinalTarget: true)?.FullName ?? inPath)!);
        }

        return [.. folders.Distinct()
            .Where(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            .Select(folder => new PostgresBinaries(folder, MajorOf(folder)))
            .OrderByDescending(binaries => binaries.Major)];
    }

    /// <summary>The one that fits a data folder: of its version when it has data, else the newest.</summary>
    /// <param name="installed">What is installed, newest first.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="dataMajor">Version that the data folder was created by; null when there is no data yet.</param>
    /// <exception cref="LocalHostException">None fits; the message says what to do.</exception>
    public static PostgresBinaries For(IReadOnlyList<PostgresBinaries> installed, string data, int? dataMajor)
    {
        if (installed.Count == 0)
        {
            throw new LocalHostException(
                "PostgreSQL is not installed. Install it (on Debian and Ubuntu: apt-get install postgresql), "
                + "or set ConnectionStrings__studydb to a server of your own.");
        }

        return dataMajor is null
            ? installed[0]
            : installed.FirstOrDefault(binaries => binaries.Major == dataMajor)
            ?? throw new LocalHostException(
                $"The data in {data} was created by PostgreSQL {dataMajor}, but installed is "
                + $"{string.Join(" and ", installed.Select(binaries => binaries.Major))}. Install version {dataMajor} "
                + $"(apt-get install postgresql-{dataMajor}), or delete that folder to begin with an empty database.");
    }

    /// <summary>The major version in a PG_VERSION file or a path such as /usr/lib/postgresql/15/bin; 0 when there is none.</summary>
    internal static int MajorOf(string folder) =>
        folder.Split('/').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0)
            .LastOrDefault(major => major > 0);
}
