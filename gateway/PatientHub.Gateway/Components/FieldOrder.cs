namespace PatientHub.Gateway.Components;

/// <summary>The fields in the order in which they stand on the page: the error summary above them has the same. A page's own content is rendered before its layout.</summary>
internal static class FieldOrder
{
    public static List<string> Of(HttpContext http)
    {
        if (http.Items[typeof(FieldOrder)] is not List<string> order)
            http.Items[typeof(FieldOrder)] = order = [];
        return order;
    }
}
