using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace PatientHub.Simulators;

/// <summary>Keys of the anti-forgery tokens, gone with the process: nothing of a simulator stays in a home directory.</summary>
internal sealed class KeysInMemory : IXmlRepository
{
    private readonly List<XElement> keys = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (keys)
            return [.. keys];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (keys)
            keys.Add(element);
    }
}
