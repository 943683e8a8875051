namespace StudyTracker.AppHost.Local;

/// <summary>Where the repository and the build output of the services are, seen from where this program runs.</summary>
internal static class ServicePaths
{
    private const string Solution = "StudyTracker.sln";

    /// <summary>The repository root: the nearest folder above that holds the solution.</summary>
    public static string Repository(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        throw new LocalHostException($"{Solution} was not found in {from} or above: run StudyTracker from its repository.");
    }

    /// <summary>
    /// The assembly of a service. Every project builds to the same place below its own folder, so what follows
    /// <c>bin/</c> (package set, configuration, framework) is the same for the service as for this program.
    /// </summary>
    /// <param name="from">The output folder of this program, or of the tests that run it.</param>
    /// <param name="service">Name of the service.</param>
    public static string Assembly(string from, string service)
    {
        var repository = Repository(from);
        var parts = Path.GetRelativePath(repository, from).Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var bin = Array.IndexOf(parts, "bin");
        if (bin < 0)
        {
            throw new LocalHostException($"{from} is not a build output folder: no part of it is called bin.");
        }

        var project = ServiceNames.Project(service);
        return Path.Combine([repository, project, .. parts[bin..], project + ".dll"]);
    }

    /// <summary>The dotnet program that runs this one.</summary>
    public static string DotNet(string? hostPath, string runtimeDirectory)
    {
        if (hostPath is not null && File.Exists(hostPath))
        {
            return hostPath;
        }

        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = Path.GetFullPath(Path.Combine(runtimeDirectory, "..", "..", ".."));
        var dotnet = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(dotnet) ? dotnet : "dotnet";
    }
}
