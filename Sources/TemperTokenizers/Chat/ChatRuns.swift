import TemperCore

/// A part of a rendered chat that is of one kind.
struct ChatRun {
    var text: String
    /// The template's own, which may hold special tokens.
    var isControl: Bool
    /// Nil for the template's own text outside of a trained reply.
    var author: Author?
    var message: Int
    /// Nil for what is no span's text.
    var span: Int?
    /// Whether it is of a reply that is trained, its end of turn with it.
    var isReply = false
    /// Runs of one group that follow each other are tokenised as one text.
    var group = 0
}

extension EncodedConversation {
    /// The ids of runs. A token that goes over the border of two runs has the author of the first.
    init(_ runs: [ChatRun], tokenizer: Tokenizer) {
        self.init(ids: [], authors: [], messageIndex: [], spanIndex: [], isReply: [])
        var rest = runs[...]
        while let first = rest.first {
            let joined = rest.prefix { $0.group == first.group }
            rest = rest[joined.endIndex...]
            append(joined, tokenizer)
        }
    }

    private mutating func append(_ runs: ArraySlice<ChatRun>, _ tokenizer: Tokenizer) {
        var bytes: [UInt8] = []
        var isControl: [Bool] = []
        var ends: [Int] = []
        for run in runs {
            bytes += run.text.utf8
            isControl += repeatElement(run.isControl, count: bytes.count - isControl.count)
            ends.append(bytes.count)
        }
        guard !bytes.isEmpty else { return }
        let tokens = tokenizer.encode(bytes, isControl: isControl, isContinued: !ids.isEmpty)
        var (offset, place) = (0, 0)
        for id in tokens {
            while place + 1 < ends.count, offset >= ends[place] { place += 1 }
            let run = runs[runs.startIndex + place]
            ids.append(id)
            authors.append(run.author)
            messageIndex.append(run.message)
            spanIndex.append(run.span)
            isReply.append(run.isReply)
            offset += tokenizer.bytes(of: id).count
        }
    }
}
