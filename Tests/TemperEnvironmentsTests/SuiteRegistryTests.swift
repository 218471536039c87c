import Foundation
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

    @Test("The words of the suites are found by their stored names, and tasks are written in their suite's")
    func formats() throws {
        let names = ["react", "household", "knowledge_graph", "web", "shop", "database", "operating_system"]
        #expect(SuiteRegistry.formats.map(\.name) == names)
        for name in names { #expect(TurnFormat.named(name, among: SuiteRegistry.formats)?.name == name) }
        #expect(TurnFormat.named("nothing", among: SuiteRegistry.formats) == nil)
        for suite in SuiteRegistry.all where suite.id.hasPrefix("pocket/") {
            for task in try suite.tasks(split: "train", limit: 2) {
                #expect(task.format == suite.format)
                let data = try JSONEncoder.stable().encode(task)
                #expect(String(decoding: data, as: UTF8.self).contains(#""format":"\#(suite.format.name)""#))
                #expect(try JSONDecoder().decode(AgentTask.self, from: data, configuration: SuiteRegistry.formats) == task)
            }
        }
    }
}
