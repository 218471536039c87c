import TemperCore
import TemperEnvironments
import Testing

@Suite struct SuiteRegistryTests {
    @Test("An unknown suite is refused with the nearest id")
    func unknown() {
        let error = #expect(throws: TemperError.self) { try SuiteRegistry.suite("hotpotqs") }
        #expect(error?.description == "error: there is no suite 'hotpotqs'\n  did you mean 'hotpotqa'?")
        #expect(error?.code == .usage)
    }

    @Test("Ids are unique and every suite keeps its own promises")
    func promises() throws {
        #expect(Set(SuiteRegistry.all.map(\.id)).count == SuiteRegistry.all.count)
        for suite in SuiteRegistry.all {
            #expect(try SuiteRegistry.suite(suite.id).id == suite.id)
            #expect(suite.methods.contains(suite.defaultMethod))
            for name in suite.scriptedPolicyNames { #expect(suite.scriptedPolicy(named: name)?.name == name) }
            #expect(suite.scriptedPolicy(named: "nobody") == nil)
            #expect(throws: TemperError.self) { try suite.tasks(split: "nowhere", limit: 1) }
        }
    }
}
