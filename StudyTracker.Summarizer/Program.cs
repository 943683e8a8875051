using StudyTracker;
using StudyTracker.Hosting;
using StudyTracker.Summarizer;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddStages();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapRuns();
app.MapMembers();
return await app.RunServiceAsync();
