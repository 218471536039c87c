import Foundation
import TemperCore

/// Secrets of many kinds and the sentences, settings, commands and records they stand in. They are put together here, so that no file of
/// the package holds one.
struct PlantedSecrets {
    struct Plant {
        var kind: String
        /// What must be gone.
        var secret: String
        var text: String
    }

    private var random: RandomSource

    init(seed: UInt64) { random = RandomSource(seed: seed, "planted secrets") }

    private static let alphanumeric = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    private static let upper = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    private static let hex = Array("0123456789abcdef")
    private static let token = alphanumeric + ["-", "_"]

    private mutating func draw(_ set: [Character], _ count: Int) -> String {
        String((0..<count).map { _ in set[random.index(below: set.count)] })
    }
    private mutating func word() -> String { draw(Array("abcdefghijklmnoprstuvw"), 5 + random.index(below: 4)) }
    private mutating func base64(_ count: Int) -> String {
        Data((0..<count).map { _ in UInt8(random.index(below: 256)) }).base64EncodedString()
    }
    private mutating func password() -> String {
        draw(Self.alphanumeric, 6) + ["!", "#", "_", "%"][random.index(below: 4)] + draw(Self.hex, 3) + "7a"
    }

    /// The token of a kind that its beginning tells, and the name of a setting that may hold it.
    private mutating func prefixed(_ kind: String) -> (secret: String, name: String)? {
        switch kind {
        case "aws-access-key": ("AK" + "IA" + draw(Self.upper, 16), "AWS_ACCESS_KEY_ID")
        case "github-token": ("gh" + "p_" + draw(Self.alphanumeric, 36), "GITHUB_TOKEN")
        case "gitlab-token": ("gl" + "pat-" + draw(Self.token, 20), "GITLAB_TOKEN")
        case "slack-token": ("xo" + "xb-" + draw(Array("123456789"), 12) + "-" + draw(Self.alphanumeric, 24), "SLACK_TOKEN")
        case "stripe-key": ("sk" + "_live_" + draw(Self.alphanumeric, 24), "STRIPE_KEY")
        case "openai-key": ("sk" + "-proj-" + draw(Self.token, 60) + "9a", "OPENAI_API_KEY")
        case "anthropic-key": ("sk" + "-ant-api03-" + draw(Self.token, 90), "ANTHROPIC_API_KEY")
        case "google-api-key": ("AI" + "za" + draw(Self.token, 34) + "x", "GOOGLE_API_KEY")
        case "huggingface-token": ("h" + "f_" + draw(Self.alphanumeric, 34), "HF_TOKEN")
        case "npm-token": ("np" + "m_" + draw(Self.alphanumeric, 36), "NPM_TOKEN")
        case "pypi-token": ("py" + "pi-AgEIcHlwaS5vcmc" + draw(Self.token, 80), "PYPI_TOKEN")
        case "sendgrid-key": ("S" + "G." + draw(Self.token, 22) + "." + draw(Self.token, 42) + "x", "SENDGRID_API_KEY")
        case "twilio-key": ("S" + "K" + draw(Self.hex, 32), "TWILIO_KEY")
        case "shopify-token": ("sh" + "pat_" + draw(Self.hex, 32), "SHOPIFY_TOKEN")
        case "digitalocean-token": ("do" + "p_v1_" + draw(Self.hex, 64), "DO_TOKEN")
        case "databricks-token": ("da" + "pi" + draw(Self.hex, 32), "DATABRICKS_TOKEN")
        case "terraform-token": ("hv" + "s." + draw(Self.token, 60) + "x", "VAULT_TOKEN")
        case "docker-token": ("dc" + "kr_pat_" + draw(Self.token, 26) + "x", "DOCKER_TOKEN")
        case "linear-key": ("lin" + "_api_" + draw(Self.alphanumeric, 40), "LINEAR_KEY")
        case "telegram-token": (draw(Array("123456789"), 9) + ":AA" + draw(Self.token, 33), "BOT_TOKEN")
        case "jwt":
            ("ey" + "JhbGciOiJIUzI1NiJ9.eyJzdWIi" + draw(Self.alphanumeric, 20) + "." + draw(Self.token, 42) + "x", "SESSION_JWT")
        default: nil
        }
    }

    static let kinds = [
        "aws-access-key", "github-token", "gitlab-token", "slack-token", "stripe-key", "openai-key", "anthropic-key",
        "google-api-key",
        "huggingface-token", "npm-token", "pypi-token", "sendgrid-key", "twilio-key", "shopify-token", "digitalocean-token",
        "databricks-token", "terraform-token", "docker-token", "linear-key", "telegram-token", "jwt", "private-key", "password",
        "url-password", "secret", "authorization", "email",
    ]

    mutating func plant(_ kind: String) -> Plant {
        if let (secret, name) = prefixed(kind) {
            let forms = [
                "export \(name)=\(secret)", "\(name)=\"\(secret)\"", "Here is my key: \(secret)",
                "{\"\(name.lowercased())\": \"\(secret)\"}",
                "| \(name) | \(secret) |", "curl -H 'X-Api-Key: \(secret)' https://api.example.com", "const key = '\(secret)';",
                "https://api.example.com/v1?key=\(secret)&x=1", "a\\n\(secret)\\n", "The token (\(secret)) leaked.",
            ]
            return Plant(kind: kind, secret: secret, text: forms[random.index(below: forms.count)])
        }
        switch kind {
        case "private-key":
            let body = (0..<5).map { _ in base64(48) }
            let label = ["RSA ", "EC ", "OPENSSH ", ""][random.index(below: 4)] + "PRIVATE KEY"
            let joint = random.index(below: 2) == 0 ? "\n" : "\\n"
            let text = (["-----BEGIN \(label)-----"] + body + ["-----END \(label)-----"]).joined(separator: joint)
            return Plant(kind: kind, secret: body[2], text: "cat key.pem\n" + text + "\n$")
        case "password":
            let secret = password()
            let forms = [
                "DB_PASSWORD=\(secret)\n", "password: \(secret)\n", "{\"password\": \"\(secret)\"}", "my password is \(secret)",
                "mysql -u root -p'\(secret)' shop", "Server=db;User Id=sa;Password=\(secret);Encrypt=true",
                "<password>\(secret)</password>", "let password: String = \"\(secret)\"",
                "- name: ROOT_PASSWORD\n  value: \(secret)\n",
                "machine h login bob password \(secret)\n", "curl -u admin:\(secret) https://h.example",
                "cmd --password \(secret)",
            ]
            return Plant(kind: kind, secret: secret, text: forms[random.index(below: forms.count)])
        case "url-password":
            let secret = draw(Self.alphanumeric, 14)
            return Plant(kind: kind, secret: secret, text: "postgres://app:\(secret)@db.internal:5432/shop")
        case "secret":
            let secret = random.index(below: 2) == 0 ? draw(Self.hex, 30) + "1f" : base64(30)
            let name = ["API_KEY", "CLIENT_SECRET", "ACCESS_TOKEN", "AWS_SECRET_ACCESS_KEY"][random.index(below: 4)]
            let forms = ["\(name)=\(secret)", "{\"\(name.lowercased())\": \"\(secret)\"}", "\(name.lowercased()): \(secret)\n"]
            return Plant(kind: kind, secret: secret, text: forms[random.index(below: forms.count)])
        case "authorization":
            let secret = draw(Self.hex, 38) + "4b"
            return Plant(kind: kind, secret: secret, text: "curl -H \"Authorization: Bearer \(secret)\" https://h.example")
        default:
            let secret = "\(word()).\(word())@\(word()).example.org"
            return Plant(
                kind: kind, secret: secret,
                text: ["write to \(secret).", "From: Ada <\(secret)>", "mailto:\(secret)"][random.index(below: 3)])
        }
    }
}
