/// A kind of what ``SecretScanner`` finds: its name stands in marks and counts.
package struct SecretKind: Sendable, Hashable {
    package var name: String
    /// What it is, in a few words.
    package var summary: String

    package init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }

    static let password = SecretKind("password", "passwords in assignments, settings, command lines, headers and sentences")
    static let secretValue = SecretKind("secret", "values of keys, tokens and secrets that are named as such")
    static let urlPassword = SecretKind("url-password", "passwords and tokens in addresses: scheme://user:PASSWORD@host")
    static let privateKey = SecretKind("private-key", "PEM, OpenSSH, PGP and PuTTY private keys, age identities")
    static let webToken = SecretKind("jwt", "JSON web tokens, signed and encrypted")
    static let bearerToken = SecretKind("authorization", "what follows Bearer, Basic or Token in a header")
    static let telegram = SecretKind("telegram-token", "Telegram bot tokens")
    static let firebase = SecretKind("firebase-key", "Firebase server keys")
    static let discord = SecretKind("discord-token", "Discord bot tokens and webhooks")
    static let mailchimp = SecretKind("mailchimp-key", "Mailchimp keys")
    static let slack = SecretKind("slack-token", "Slack tokens")
    static let azure = SecretKind("azure-key", "Azure keys and client secrets")
    static let email = SecretKind("email", "e-mail addresses")

    /// The kinds that are not told from a prefix.
    private static let structured = [
        password, secretValue, urlPassword, privateKey, webToken, bearerToken, telegram, firebase, discord, mailchimp, email,
    ]

    /// All kinds there are, in order of name.
    package static let all: [SecretKind] = {
        var seen: Set<String> = []
        let kinds = structured + PrefixedToken.all.map(\.kind)
        return kinds.filter { seen.insert($0.name).inserted }.sorted { $0.name < $1.name }
    }()
}

/// What was found at a place of a text.
struct SecretMatch: Hashable {
    /// In UTF-8 bytes.
    var range: Range<Int>
    var kind: SecretKind
}
