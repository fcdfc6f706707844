namespace PatientHub.Gateway.Pages;

internal sealed class HomeModel : HubPageModel;
