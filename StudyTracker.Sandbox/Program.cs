using StudyTracker;
using StudyTracker.Hosting;
using StudyTracker.Sandbox;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSandbox();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapSandbox();
return await app.RunServiceAsync();
