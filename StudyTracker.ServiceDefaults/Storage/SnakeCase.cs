using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace StudyTracker.Storage;

/// <summary>Names tables and columns the way PostgreSQL does: lower case with underscores.</summary>
public static class SnakeCase
{
    /// <summary>Renames everything that has no explicit name.</summary>
    public static void Apply(ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach (var entity in model.Model.GetEntityTypes())
        {
            entity.SetTableName(Convert(entity.GetTableName()!));
            foreach (var property in entity.GetProperties()) property.SetColumnName(Convert(property.Name));
            foreach (var key in entity.GetKeys()) key.SetName(key.GetName()?.ToLowerInvariant());
            foreach (var index in entity.GetIndexes())
            {
                if (index.GetDatabaseName() is { } name) index.SetDatabaseName(name.ToLowerInvariant());
            }
        }
    }

    private static string Convert(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
