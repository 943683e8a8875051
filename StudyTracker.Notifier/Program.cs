using StudyTracker;
using StudyTracker.Hosting;
using StudyTracker.Notifier;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddDelivery();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapDeliveries();
app.MapInstallation();
return await app.RunServiceAsync();
