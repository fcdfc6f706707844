namespace PatientHub.Messaging;

/// <summary>
/// The only way to publish (design.md section 4). A message becomes a row of the service's own database, saved with the aggregate in one transaction by
/// <c>SaveChanges</c>; the dispatcher hands it to the broker after the commit, as often as it takes. So a rolled-back change announces nothing, and a
/// committed change is announced even if the broker is away or the process dies.
/// </summary>
public interface IOutbox
{
    /// <summary>Adds <paramref name="message"/> to the scope's DbContext. Delivery is at least once; consumers see the same message id on every repeat.</summary>
    /// <typeparam name="T">A contract that the service registered with <see cref="MessagingBuilder.Publishes{T}"/>.</typeparam>
    /// <param name="message">The event or command: ids, states and instants, never a name, contact or code.</param>
    /// <param name="notBefore">Earliest instant of delivery by <see cref="DatabaseClock"/>; null for at once.</param>
    /// <exception cref="InvalidOperationException">The type is not registered: a defect of the service.</exception>
    void Add<T>(T message, DateTimeOffset? notBefore = null) where T : class;
}
