import Foundation
import TemperCore
import Testing

@testable import TemperData

@Suite("Run folder", .tags(.alone)) struct RunFolderTests {
    @Test("The digest of known texts is the one that FIPS 180-4 gives") func digests() {
        #expect(SHA256.hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(SHA256.hex("abc".utf8) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
        #expect(SHA256.hex(long.utf8) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(SHA256.hex(million) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("A digest does not depend on how the bytes are cut", arguments: [1, 55, 56, 63, 64, 65, 119, 120])
    func cutDigest(length: Int) {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var hash = SHA256()
        for start in stride(from: 0, to: bytes.count, by: length) {
            hash.update(Array(bytes[start..<min(start + length, bytes.count)]))
        }
        let digits = hash.finish().map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
        #expect(digits == SHA256.hex(bytes))
    }

    @Test("A second lock on a run in use is refused, and given once the first is gone") func locking() throws {
        let temporary = try TemporaryFolder()
        let folder = try RunFolder.create(temporary.file("run"))
        var first: RunLock? = try folder.lock()
        #expect(first != nil)
        let error = #expect(throws: TemperError.self) { try folder.lock() }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "the run is in use by another process")
        #expect(error?.place == folder.url.path)
        first = nil
        _ = try folder.lock()
    }

    @Test("The lock of a process that was killed is free")
    func lockOfADeadProcess() throws {
        let tool = "/usr/bin/flock"
        guard FileManager.default.isExecutableFile(atPath: tool) else {
            print("skipped: \(tool) is not here")
            return
        }
        let temporary = try TemporaryFolder()
        let folder = try RunFolder.create(temporary.file("run"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = ["--no-fork", folder.url.appendingPathComponent(".lock").path, "sleep", "60"]
        try process.run()
        var wasHeld = false
        for _ in 0..<200 where !wasHeld {
            usleep(10_000)
            do { _ = try folder.lock() } catch { wasHeld = true }
        }
        #expect(wasHeld)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        _ = try folder.lock()
    }

    @Test("A folder that no run wrote is not taken for one") func notARun() throws {
        let temporary = try TemporaryFolder()
        let error = #expect(throws: TemperError.self) { try RunFolder.existing(temporary.url) }
        #expect(error?.code == .data)
        #expect(error?.description.contains(temporary.url.path) == true)
    }

    private func manifest(rate: Double, suites: [String: JSONValue] = [:]) -> Manifest {
        Manifest(
            name: "quickstart",
            recipe: .object([
                "train": .object(["learning_rate": .number(rate), "epochs": .number(1)]), "suites": .object(suites),
            ]),
            givenKeys: ["train.learning_rate"], seed: .max, versions: ["temper": "0.1"], commit: "abc", isDirty: true)
    }

    @Test("The same recipe finds its manifest again, with what the stages wrote") func sameRecipe() throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.url)
        var first = try manifest(rate: 5e-5).begin(in: folder)
        first.stages["collect"] = .init(.finished, seconds: 12.5)
        first.hashes["dataset/train.jsonl"] = SHA256.hex("abc".utf8)
        try first.write(to: folder)
        #expect(try manifest(rate: 5e-5).begin(in: folder) == first)
        #expect(first.seed == .max)
    }

    @Test("Another recipe is refused, naming each key that differs") func anotherRecipe() throws {
        let temporary = try TemporaryFolder()
        let folder = RunFolder(temporary.url)
        _ = try manifest(rate: 5e-5).begin(in: folder)
        let error = #expect(throws: TemperError.self) {
            try manifest(rate: 3e-5, suites: ["pocket/hotpotqa": .number(4)]).begin(in: folder)
        }
        #expect(error?.code == .data)
        #expect(
            error?.description == """
                error: \(folder.url.path): the run was started with another recipe; these keys differ: \
                suites.pocket/hotpotqa, train.learning_rate
                  choose another folder with --run, or give the recipe it was started with
                """)
    }

    @Test("A damaged manifest is an error that names the file", arguments: ["{", "[]", "{\"schema\": 1}"])
    func damagedManifest(text: String) throws {
        let temporary = try TemporaryFolder()
        _ = try temporary.write(text, "manifest.json")
        let error = #expect(throws: TemperError.self) { try Manifest.read(RunFolder(temporary.url)) }
        #expect(error?.code == .data)
        #expect(error?.place == temporary.file("manifest.json").path)
    }

    @Test("A manifest of a later format is refused") func laterManifest() throws {
        let temporary = try TemporaryFolder()
        var later = manifest(rate: 1)
        later.schema = 99
        try later.write(to: RunFolder(temporary.url))
        let error = #expect(throws: TemperError.self) { try Manifest.read(RunFolder(temporary.url)) }
        #expect(error?.message == "the run was written in format 99; this Temper reads format 1")
    }

    @Test("A file that cannot be written leaves the old one whole") func atomicWriting() throws {
        let temporary = try TemporaryFolder()
        let url = temporary.file("a/b.json")
        try AtomicFile.writeJSON(["x": 1], to: url)
        let before = try Data(contentsOf: url)
        let blocked = temporary.file("a/b.json/c")
        let error = #expect(throws: TemperError.self) { try AtomicFile.write(Data("y".utf8), to: blocked) }
        #expect(error?.code == .unavailable)
        #expect(try Data(contentsOf: url) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.file("a").path) == ["b.json"])
    }
}
