using StudyTracker;
using StudyTracker.Hosting;
using StudyTracker.Ingress;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddIngress();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapIngress();
return await app.RunServiceAsync();
