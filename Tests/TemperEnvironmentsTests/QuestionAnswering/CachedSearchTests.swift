import Foundation
import TemperCore
import Testing

@testable import TemperEnvironments

@Suite struct CachedSearchTests {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("temper-search-\(UUID().uuidString)")
    static let reply = #"{"searchParameters":{},"organic":[{"snippet":"Found."}]}"#
    let serper = GoogleSearch(.serper, key: "k")

    private func cached(_ search: GoogleSearch, by service: ScriptedService) throws -> any SearchBackend {
        try CachedSearch(search, folder: folder).reaching(WorldAccess(http: service))
    }

    private func removed(_ body: () async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body()
    }

    @Test("A query is sent once: in one run, at the same time, and in the next run")
    func once() async throws {
        try await removed {
            let service = ScriptedService([.init(body: Self.reply)], delay: .milliseconds(20))
            let cache = try cached(serper, by: service)
            let pages = try await withThrowingTaskGroup(of: SearchPage?.self) { group in
                for _ in 0..<8 { group.addTask { try await cache.search("who") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(pages.count == 8 && pages.allSatisfy { $0?.text == "Found." })
            _ = try await cache.search("who else")
            #expect(service.requests.count == 2)
            #expect(try await cached(serper, by: service).search("who")?.text == "Found.")
            #expect(service.requests.count == 2)
            // Another service has replies of its own.
            _ = try await cached(GoogleSearch(.serpapi, key: "k"), by: service).search("who")
            #expect(service.requests.count == 3)
        }
    }

    @Test("Nothing found is remembered, a failure is not")
    func failures() async throws {
        try await removed {
            let replies: [ScriptedService.Reply] = [
                .init(status: 500), .init(body: #"{"searchParameters":{},"organic":[]}"#), .init(status: 500),
            ]
            let service = ScriptedService(replies)
            let cache = try cached(serper, by: service)
            await #expect(throws: TemperError.self) { try await cache.search("who") }
            #expect(try await cache.search("who") == nil)
            #expect(try await cache.search("who") == nil)
            #expect(try await cached(serper, by: service).search("who") == nil)
            #expect(service.requests.count == 2)
        }
    }

    @Test("A damaged record names its file; the key is in no record")
    func damaged() async throws {
        try await removed {
            let service = ScriptedService(Self.reply)
            _ = try await cached(GoogleSearch(.serper, key: "s3cret"), by: service).search("who")
            let file = folder.appendingPathComponent(CachedSearch.fileName("serper", "who"))
            #expect(try String(contentsOf: file, encoding: .utf8).contains("s3cret") == false)
            try Data("{".utf8).write(to: file)
            let error = await #expect(throws: TemperError.self) {
                try await cached(serper, by: service).search("who")
            }
            #expect(error?.code == .data && error?.place == file.path && error?.hint == "delete the file")
        }
    }

    @Test("A folder that cannot be made is refused at once")
    func noFolder() {
        let error = #expect(throws: TemperError.self) {
            try CachedSearch(serper, folder: URL(fileURLWithPath: "/proc/nowhere/cache"))
        }
        #expect(error?.code == .unavailable)
    }
}
