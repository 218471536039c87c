/// What a record looks like that is of another format than the one it was read as, and the way out.
enum RecordShape {
    /// Why a record is no chat, where it is known for something else; nil for a chat or anything unknown.
    static func foreign(_ record: SourceJSON) -> String? {
        if record["trajectory"]?.array?.first?["observation"] != nil { return "an SWE-agent trajectory, not what the model saw" }
        if record["preferred_output"] != nil || (record["chosen"] != nil && record["rejected"] != nil) {
            return "a pair of replies to choose between, no chat"
        }
        if record["action"] != nil || record["observation"] != nil, record["source"] != nil {
            return "an event of OpenHands, no chat"
        }
        return nil
    }

    /// - Parameter name: the format that the record was read as.
    static func advice(_ record: SourceJSON, reading name: String) -> String? {
        if record["trajectory"]?.array?.first?["observation"] != nil {
            return
                "it looks like SWE-agent's .traj, which shows the agent's own record and not the chat that the model saw; export the "
                + "run's chats as JSON lines with 'messages' and import those as openai-chat"
        }
        if record["preferred_output"] != nil || (record["chosen"] != nil && record["rejected"] != nil) {
            return
                "it looks like preferences (DPO), which Temper does not train on; write input and preferred reply as 'messages' and "
                + "import those as openai-chat"
        }
        if record["action"] != nil || record["observation"] != nil, record["source"] != nil {
            return "it looks like OpenHands' events; import the chats that its completions log holds ('messages') as openai-chat"
        }
        guard let format = ChatFormat.detect(record), format.name != name else { return nil }
        return "it looks like '\(format.name)': temper import \(format.name) …"
    }

    /// Of bytes that are no JSON.
    static func advice(text bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x1F, 0x8B]) { return "it is compressed (gzip): unpack it first" }
        if bytes.starts(with: Array("PAR1".utf8)) {
            return "it is Parquet: write it as JSON lines first (python: datasets.load_dataset(…).to_json(…))"
        }
        let text = String(decoding: bytes.prefix(16), as: UTF8.self)
        guard text.allSatisfy({ $0 == "{" || $0.isWhitespace }) else { return nil }
        return "it looks like JSON written over several lines: write one record a line first (jq -c . FILE)"
    }
}
