/// A token that its issuer gives a recognisable beginning: `ghp_…`, `AKIA…`.
struct PrefixedToken: Sendable {
    let kind: SecretKind
    let prefix: [UInt8]
    /// What may follow the prefix.
    let set: ByteSet
    /// How many bytes follow the prefix; what is longer is no token where the upper end says so.
    let lengths: ClosedRange<Int>
    /// Whether the rest must hold a digit and a letter, where the prefix alone says too little.
    let isMixed: Bool

    private init(_ kind: SecretKind, _ prefix: String, _ set: ByteSet, _ lengths: ClosedRange<Int>, isMixed: Bool = false) {
        self.kind = kind
        self.prefix = Array(prefix.utf8)
        self.set = set
        self.lengths = lengths
        self.isMixed = isMixed
    }

    /// The end of the token that starts at a place; nil where none does.
    func end(in text: ByteText, at place: Int) -> Int? {
        guard text.has(prefix, at: place) else { return nil }
        let start = place + prefix.count
        var end = text.end(of: set, from: start, limit: min(lengths.upperBound, 4096) + 1)
        // A full stop or hyphen at the end belongs to the sentence, but where the length says otherwise.
        while end - start > lengths.lowerBound, text[end - 1] == 0x2E || text[end - 1] == 0x2D { end -= 1 }
        guard lengths.contains(end - start) else { return nil }
        if isMixed {
            let rest = text.bytes[start..<end]
            guard rest.contains(where: \.isDigit), rest.contains(where: \.isLetter) else { return nil }
        }
        return end
    }

    /// By first byte.
    static let byFirstByte: [[PrefixedToken]] = {
        var table = [[PrefixedToken]](repeating: [], count: 256)
        for token in all { table[Int(token.prefix[0])].append(token) }
        return table
    }()

    /// A bit for every two bytes that some prefix starts with.
    static let starts: [UInt64] = {
        var bits = [UInt64](repeating: 0, count: 1024)
        for token in all {
            let index = Int(token.prefix[0]) << 8 | Int(token.prefix[1])
            bits[index >> 6] |= 1 << UInt64(index & 63)
        }
        return bits
    }()

    /// Sources: the issuers' documentation, and the public rules of secret scanners (detect-secrets, gitleaks, GitHub's list of
    /// partners' patterns). Longer prefixes of one kind come first.
    static let all: [PrefixedToken] = clouds + code + models + services

    private static func tokens(
        _ name: String, _ summary: String, _ prefixes: [String], _ set: ByteSet, _ lengths: ClosedRange<Int>,
        isMixed: Bool = false
    ) -> [PrefixedToken] {
        let kind = SecretKind(name, summary)
        return prefixes.map { PrefixedToken(kind, $0, set, lengths, isMixed: isMixed) }
    }

    private static let dotted = ByteSet.token.union(".")

    private static let clouds: [PrefixedToken] = [
        tokens(
            "aws-access-key", "AWS access key ids",
            ["AKIA", "ASIA", "ABIA", "ACCA", "AROA", "AIDA", "AGPA", "AIPA", "ANPA", "ANVA"],
            .upperAlphanumeric, 16...16),
        tokens("aws-bedrock-key", "Amazon Bedrock keys", ["ABSK"], .base64.union("="), 60...400, isMixed: true),
        tokens("aws-mws-token", "Amazon MWS tokens", ["amzn.mws."], .hex.union("-"), 36...36),
        tokens("google-api-key", "Google API keys", ["AIza"], .token, 35...35),
        tokens("google-oauth", "Google OAuth tokens and client secrets", ["GOCSPX-", "ya29."], dotted, 20...2048),
        tokens("azure-key", "Azure keys and client secrets", ["AzCa", "ACDb"], .base64, 40...90, isMixed: true),
        tokens("alibaba-key", "Alibaba Cloud access key ids", ["LTAI"], .alphanumeric, 12...26, isMixed: true),
        tokens("tencent-key", "Tencent Cloud secret ids", ["AKID"], .alphanumeric, 32...36),
        tokens("digitalocean-token", "DigitalOcean tokens", ["dop_v1_", "doo_v1_", "dor_v1_"], .hex, 64...64),
        tokens("heroku-key", "Heroku keys", ["HRKU-"], .token, 30...80),
        tokens("fly-token", "Fly.io tokens", ["fo1_", "fm1r_", "fm1a_", "fm2_"], .base64.union("=_,-"), 40...2048),
        tokens("cloudflare-key", "Cloudflare keys", ["v1.0-"], .hex.union("-"), 140...180),
        tokens("scaleway-key", "Scaleway access keys", ["SCW"], .upperAlphanumeric, 17...17, isMixed: true),
    ].flatMap { $0 }

    private static let code: [PrefixedToken] = [
        tokens("github-token", "GitHub tokens", ["github_pat_"], .word, 40...255),
        tokens("github-token", "GitHub tokens", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], .word, 30...255),
        tokens(
            "gitlab-token", "GitLab tokens",
            [
                "glpat-", "gldt-", "glrt-", "glsoat-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-", "glffct-",
                "GR1348941",
            ], dotted, 20...300),
        tokens("bitbucket-token", "Bitbucket and Atlassian tokens", ["ATATT3", "ATCTT3"], .token.union("="), 60...400),
        tokens("bitbucket-token", "Bitbucket and Atlassian tokens", ["ATBB"], .alphanumeric, 28...40, isMixed: true),
        tokens("npm-token", "npm tokens", ["npm_"], .alphanumeric, 36...36),
        tokens("pypi-token", "PyPI tokens", ["pypi-"], .token, 80...1024),
        tokens("rubygems-key", "RubyGems keys", ["rubygems_"], .hex, 48...48),
        tokens("crates-token", "crates.io tokens", ["cio"], .alphanumeric, 32...32, isMixed: true),
        tokens("nuget-key", "NuGet keys", ["oy2"], .lowerAlphanumeric, 43...43),
        tokens("docker-token", "Docker Hub tokens", ["dckr_pat_", "dckr_oat_"], .token, 24...64),
        tokens("artifactory-token", "Artifactory tokens", ["AKCp"], .alphanumeric, 40...90),
        tokens("artifactory-token", "Artifactory tokens", ["cmVmdGtu"], .alphanumeric, 50...70),
        tokens("circleci-token", "CircleCI tokens", ["CCIPAT_", "CCIPRJ_"], .word, 40...100),
        tokens("buildkite-token", "Buildkite tokens", ["bkua_", "bkaj_", "bkct_"], .alphanumeric, 30...100),
        tokens("sonar-token", "SonarQube tokens", ["squ_", "sqp_", "sqa_"], .hex, 40...40),
        tokens("terraform-token", "Terraform and Vault tokens", ["hvs.", "hvb.", "hvr."], .token, 24...300),
        tokens("pulumi-token", "Pulumi tokens", ["pul-"], .hex, 40...40),
        tokens("doppler-token", "Doppler tokens", ["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim."], dotted, 40...80),
        tokens("prefect-key", "Prefect keys", ["pnu_", "pnb_"], .alphanumeric, 36...36),
    ].flatMap { $0 }

    private static let models: [PrefixedToken] = [
        tokens("anthropic-key", "Anthropic keys", ["sk-ant-"], .token, 20...200),
        tokens("openrouter-key", "OpenRouter keys", ["sk-or-"], .token, 32...100),
        tokens(
            "openai-key", "OpenAI keys and those of its form", ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"], .token,
            20...300),
        tokens("openai-key", "OpenAI keys and those of its form", ["sess-"], .alphanumeric, 40...40),
        tokens("openai-key", "OpenAI keys and those of its form", ["sk-"], .word, 20...200, isMixed: true),
        tokens("langsmith-key", "LangSmith keys", ["lsv2_pt_", "lsv2_sk_"], .word, 32...60),
        tokens("langfuse-key", "Langfuse keys", ["sk-lf-", "pk-lf-"], .hex.union("-"), 36...36),
        tokens("huggingface-token", "Hugging Face tokens", ["hf_", "api_org_"], .alphanumeric, 30...60),
        tokens("replicate-token", "Replicate tokens", ["r8_"], .alphanumeric, 37...37),
        tokens("groq-key", "Groq keys", ["gsk_"], .alphanumeric, 40...64),
        tokens("perplexity-key", "Perplexity keys", ["pplx-"], .alphanumeric, 40...64),
        tokens("xai-key", "xAI keys", ["xai-"], .alphanumeric, 60...100),
        tokens("fireworks-key", "Fireworks keys", ["fw_"], .alphanumeric, 22...48, isMixed: true),
        tokens("tavily-key", "Tavily keys", ["tvly-"], .token, 20...64, isMixed: true),
        tokens("nvidia-key", "NVIDIA keys", ["nvapi-"], .token, 50...100),
        tokens("cerebras-key", "Cerebras keys", ["csk-"], .alphanumeric, 40...64),
        tokens("wandb-key", "Weights & Biases keys", ["wandb_v1_"], .word, 40...120),
    ].flatMap { $0 }

    private static let services: [PrefixedToken] = [
        tokens(
            "password-hash", "password hashes of bcrypt, crypt and argon2", ["$2a$", "$2b$", "$2y$"], .base64.union("./$"),
            56...56),
        tokens(
            "password-hash", "password hashes of bcrypt, crypt and argon2", ["$6$", "$5$", "$y$", "$argon2id$", "$argon2i$"],
            .base64.union("./$=,"), 43...160),
        tokens(
            "slack-token", "Slack tokens", ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxc-", "xoxd-"],
            .token.union("%+/="), 10...400),
        tokens("slack-token", "Slack tokens", ["xoxe.", "xapp-"], dotted, 20...400),
        tokens(
            "stripe-key", "Stripe and Paystack keys",
            ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "whsec_", "sk_prod_", "rk_prod_"], .alphanumeric,
            10...255),
        tokens("square-token", "Square tokens", ["sq0atp-", "sq0csp-", "sq0idp-"], .token, 22...60),
        tokens("square-token", "Square tokens", ["EAAA"], .token, 60...60),
        tokens("facebook-token", "Facebook tokens", ["EAACEdEose0cBA", "EAAG", "EAAB", "EAAC"], .alphanumeric, 60...400),
        tokens("shopify-token", "Shopify tokens", ["shpat_", "shpca_", "shppa_", "shpss_", "shptka_"], .hex, 32...32),
        tokens("sendgrid-key", "SendGrid keys", ["SG."], dotted, 50...80),
        tokens("brevo-key", "Brevo keys", ["xkeysib-", "xsmtpsib-"], .token, 60...100),
        tokens("mailgun-key", "Mailgun keys", ["key-"], .hex, 32...32),
        tokens("resend-key", "Resend keys", ["re_"], .word, 24...48, isMixed: true),
        tokens("twilio-key", "Twilio ids and keys", ["AC", "SK"], .hex, 32...32),
        tokens("linear-key", "Linear keys", ["lin_api_", "lin_oauth_"], .alphanumeric, 32...64),
        tokens("notion-token", "Notion tokens", ["ntn_"], .alphanumeric, 40...60),
        tokens("notion-token", "Notion tokens", ["secret_"], .alphanumeric, 43...43),
        tokens("postman-key", "Postman keys", ["PMAK-"], .hex.union("-"), 50...70),
        tokens("databricks-token", "Databricks tokens", ["dapi"], .hex.union("-"), 32...34),
        tokens("grafana-token", "Grafana tokens", ["glc_", "glsa_"], .word.union("+/="), 32...400),
        tokens("newrelic-key", "New Relic keys", ["NRAK-", "NRJS-", "NRII-", "NRRA-"], .token, 19...60),
        tokens("sentry-token", "Sentry tokens", ["sntrys_", "sntryu_"], .word.union("+/="), 40...400),
        tokens("planetscale-token", "PlanetScale tokens", ["pscale_tkn_", "pscale_pw_", "pscale_oauth_"], dotted, 32...80),
        tokens("supabase-key", "Supabase keys", ["sbp_", "sb_secret_"], .token, 20...80),
        tokens("netlify-token", "Netlify tokens", ["nfp_"], .alphanumeric, 36...60),
        tokens("dropbox-token", "Dropbox tokens", ["sl."], .token, 100...2048),
        tokens("figma-token", "Figma tokens", ["figd_"], .token, 36...60),
        tokens("airtable-token", "Airtable tokens", ["pat"], .alphanumeric.union("."), 79...79),
        tokens("adafruit-key", "Adafruit keys", ["aio_"], .alphanumeric, 28...28),
        tokens("mapbox-token", "Mapbox tokens", ["sk.eyJ"], dotted, 60...200),
        tokens("razorpay-key", "Razorpay keys", ["rzp_live_", "rzp_test_"], .alphanumeric, 14...14),
        tokens("flutterwave-key", "Flutterwave keys", ["FLWSECK_TEST-", "FLWSECK-"], .token, 12...60),
        tokens("braintree-token", "Braintree tokens", ["access_token$"], .token.union("$"), 40...80),
        tokens("easypost-key", "EasyPost keys", ["EZAK", "EZTK"], .alphanumeric, 54...54),
        tokens("contentful-token", "Contentful tokens", ["CFPAT-"], .token, 40...60),
        tokens("typeform-token", "Typeform tokens", ["tfp_"], dotted, 40...70),
        tokens("readme-key", "ReadMe keys", ["rdme_"], .lowerAlphanumeric, 70...70),
        tokens("infracost-key", "Infracost keys", ["ico-"], .alphanumeric, 32...32),
        tokens("age-key", "age identities", ["AGE-SECRET-KEY-1"], .upperAlphanumeric, 58...58),
        tokens("onepassword-token", "1Password service account tokens", ["ops_eyJ"], .token.union("="), 100...2048),
    ].flatMap { $0 }
}
