using System.Security.Cryptography;
using System.Text;
using Xunit.Sdk;
using Xunit.v3;

namespace PatientHub.Testing;

/// <summary>
/// The order of every test program: shuffled by names, so the same in every checkout. The runner's own order hangs on ids that hold the assembly's path, and a test that
/// leans on another would pass here and fail there. <c>PATIENTHUB_TEST_ORDER=7 dotnet test</c> is another order; a test must pass in each.
/// </summary>
public sealed class TestOrder : ITestCollectionOrderer, ITestClassOrderer, ITestMethodOrderer, ITestCaseOrderer
{
    private static readonly string Seed = Environment.GetEnvironmentVariable("PATIENTHUB_TEST_ORDER") ?? "";

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections) where TTestCollection : ITestCollection =>
        Shuffled(testCollections, collection => collection.TestCollectionDisplayName);

    public IReadOnlyCollection<TTestClass?> OrderTestClasses<TTestClass>(IReadOnlyCollection<TTestClass?> testClasses) where TTestClass : ITestClass =>
        Shuffled(testClasses, testClass => testClass?.TestClassName);

    public IReadOnlyCollection<TTestMethod?> OrderTestMethods<TTestMethod>(IReadOnlyCollection<TTestMethod?> testMethods) where TTestMethod : ITestMethod =>
        Shuffled(testMethods, method => method?.MethodName);

    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases) where TTestCase : ITestCase =>
        Shuffled(testCases, testCase => testCase.TestCaseDisplayName);

    private static T[] Shuffled<T>(IReadOnlyCollection<T> tests, Func<T, string?> name) =>
        [.. tests.OrderBy(test => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Seed + name(test)))), StringComparer.Ordinal)];
}
