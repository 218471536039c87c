import Foundation
import TemperCore
import Testing

@testable import TemperData

@Suite("Finding secrets")
struct SecretScannerTests {
    private let scanner: SecretScanner

    init() throws { scanner = try SecretScanner() }

    private func kinds(_ text: String) -> [String] { scanner.matches(in: text).map(\.kind.name) }

    @Test("Every kind is found wherever it stands, and nothing of it is left", arguments: PlantedSecrets.kinds) func planted(
        _ kind: String
    ) {
        var plants = PlantedSecrets(seed: 11)
        for _ in 0..<40 {
            let plant = plants.plant(kind)
            var text = Array(plant.text.utf8)
            for match in scanner.matches(in: plant.text).reversed() { text.replaceSubrange(match.range, with: "<>".utf8) }
            let left = String(decoding: text, as: UTF8.self)
            let piece = max(5, plant.secret.utf8.count / 3)
            let secret = Array(plant.secret)
            let remains = (0...(secret.count - piece)).contains { left.contains(String(secret[$0..<$0 + piece])) }
            #expect(!remains, "\(kind): \(plant.text)")
        }
    }

    @Test("Kinds are named by what is most telling") func naming() {
        var plants = PlantedSecrets(seed: 3)
        for kind in PlantedSecrets.kinds where !["secret", "password", "email", "authorization"].contains(kind) {
            let plant = plants.plant(kind)
            #expect(kinds(plant.text).contains(kind), "\(plant.text)")
        }
        #expect(SecretKind.all.count > 90 && Set(SecretKind.all.map(\.name)).count == SecretKind.all.count)
    }

    @Test(
        "Placeholders, code and ordinary words are no secrets",
        arguments: [
            "password = getpass.getpass()", "password: String", "let password: String = read()", "PASSWORD=${DB_PASSWORD}",
            "password=\"{{ password }}\"", "token = tokens[i + 1]", "\"token\": \"<|im_end|>\"", "eos_token = \"</s>\"",
            "api_key: str | None = None", "api_key=os.environ[\"OPENAI_API_KEY\"]", "secret = \"your-secret-here\"",
            "password: ********",
            "\"password\": {\"type\": \"string\"}", "password = user.password", "if password == other.password {", "Password:",
            "passwordField.placeholder = \"Enter your password\"", "bypass = \"abc123def\"", "compass: north1", "pass: true",
            "git@github.com:apple/swift.git", "@types/node@20.1.0", "image@2x.png", "a@b", "x = a@w.mean()",
            "http://localhost:8080/a@b",
            "https://user:${TOKEN}@host", "postgres://user:<password>@host/db", "sk-learn is a library", "key-value store",
            "npm_config_cache",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "\"-----BEGIN PRIVATE KEY-----\" begins it",
            "AKIA is a prefix",
            "Bearer tokens are sent in a header", "Authorization: Bearer <token>", "the password is required",
            "password is case-sensitive",
            "docker run -u 1000:1000 x", "mkdir -p /tmp/a1/b2", "PWD=/home/ada", "--password-file /run/secret1",
            "sha256:9f86d081884c7d659a2f",
            "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "\"next_token\": null", "max_tokens: 4096", "tokenizer = \"gpt2\"",
            "<redacted-password-1>", "password=<redacted-password-1>", "token: <redacted-github-token-12>",
        ])
    func ordinary(_ text: String) { #expect(kinds(text) == [], "\(text)") }

    @Test("This package's own lines: at most one of a thousand is marked") func ownSources() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var (lines, marked) = (0, 0)
        for folder in ["Sources/TemperData", "Sources/TemperCore", "Sources/temper", "docs", "Scripts", "recipes"] {
            let base = root.appendingPathComponent(folder)
            for name in try FileManager.default.subpathsOfDirectory(atPath: base.path).sorted() where !name.contains("Redaction/")
            {
                guard let text = try? String(contentsOf: base.appendingPathComponent(name), encoding: .utf8) else { continue }
                lines += text.split(separator: "\n", omittingEmptySubsequences: false).count
                marked += scanner.matches(in: text).count
            }
        }
        #expect(lines > 10_000 && marked * 1000 <= lines, "\(marked) of \(lines)")
    }

    @Test(
        "Time grows with the text alone",
        arguments: [
            "=", ":", "@", "a@b.", "password=", "password=\"", "password: ", "eyJ-", "eyJa.", "-----BEGIN PRIVATE KEY-----\n",
            "://", "x://a:",
            "-u ", "mysql -p", "sk-", "xoxb-", "\\", "\"", "value: ", "8Q~", "<password>", "Authorization: ", "login password ",
        ])
    func linear(_ unit: String) {
        func seconds(_ count: Int) -> Double {
            let text = String(repeating: unit, count: count / unit.utf8.count)
            let time = ContinuousClock().measure { _ = scanner.matches(in: text) }
            return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
        }
        _ = seconds(1000)
        let (small, large) = (seconds(20_000), seconds(160_000))
        // Eight times the text: a square law would take 64 times as long.
        #expect(large < 30 * small + 0.5, "\(unit.debugDescription): \(small) s, \(large) s")
    }

    @Test("Random bytes and broken texts never stop it") func noise() {
        var random = RandomSource(seed: 5, "noise")
        let pieces = [
            "password", "=", ":", "\"", "'", "\\", "@", ".", "://", "-----BEGIN PRIVATE KEY-----", "-----END ", "eyJ", "ghp_",
            "é", "\u{0}", "\n", " ",
            "--token", "Bearer ", "<", ">", "8Q~", "%40", "value", "AKIA", "a1", "Z",
        ]
        for _ in 0..<3000 {
            let text = (0..<random.index(below: 14)).map { _ in pieces[random.index(below: pieces.count)] }.joined()
            var end = 0
            for match in scanner.matches(in: text) {
                #expect(match.range.lowerBound >= end && !match.range.isEmpty && match.range.upperBound <= text.utf8.count)
                end = match.range.upperBound
            }
        }
    }

    @Test("A recipe may name kinds, patterns of its own and texts that are none") func options() throws {
        let text = "write to ada@example.org, key EMP-004711, password=\"abc!123x\""
        func found(_ options: RedactionOptions) throws -> [String] {
            try SecretScanner(options).matches(in: text).map(\.kind.name)
        }
        #expect(try found(RedactionOptions()) == ["email", "password"])
        #expect(try found(RedactionOptions(only: ["email"])) == ["email"])
        #expect(try found(RedactionOptions(except: ["email"])) == ["password"])
        #expect(try found(RedactionOptions(allow: ["ada@example.org"])) == ["password"])
        #expect(try found(RedactionOptions(patterns: ["staff": "EMP-([0-9]{6})"])) == ["email", "staff", "password"])
        let own = try SecretScanner(RedactionOptions(patterns: ["staff": "EMP-([0-9]{6})"])).matches(in: "é EMP-004711")
        #expect(own.map(\.range) == [7..<13])
        // A pattern of one's own goes before what overlaps.
        #expect(try found(RedactionOptions(patterns: ["who": "[a-z]+@example"])) == ["who", "password"])
    }

    @Test(
        "Options are read from true, false or a mapping, and checked",
        arguments: [
            (#"{"only": ["emial"]}"#, "names the kind 'emial', which there is not"),
            (#"{"patterns": {"A b": "x"}}"#, "names 'A b'"),
            (#"{"patterns": {"a": "("}}"#, "is not a regular expression"),
        ])
    func faults(_ json: String, _ message: String) throws {
        let error = #expect(throws: TemperError.self) {
            try JSONDecoder().decode(RedactionOptions.self, from: Data(json.utf8)).validate()
        }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        func options(_ text: String) throws -> CurationOptions {
            try JSONDecoder().decode(CurationOptions.self, from: Data(#"{"redact": \#(text)}"#.utf8))
        }
        #expect(try options("true").redact == RedactionOptions())
        #expect(try options("false").redact == nil)
        #expect(try options(#"{"except": ["email"]}"#).redact == RedactionOptions(except: ["email"]))
        let encoded = try JSONEncoder().encode(options("true"))
        #expect(try JSONDecoder().decode(CurationOptions.self, from: encoded).redact == RedactionOptions())
    }
}
