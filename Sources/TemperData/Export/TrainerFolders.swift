package import Foundation
import TemperCore
import TemperTokenizers

/// A folder for Hugging Face's `datasets`: `data/*.jsonl` and a card. JSON lines, since no Parquet library fits.
package struct HuggingFaceFolder: ExportFormat {
    package let name = "hf"
    package let summary = "a Hugging Face dataset folder: data/train.jsonl and README.md"
    package var isFolder: Bool { true }
    package var carriesWeights: Bool { true }

    package func write(_ dataset: ExportSource, to url: URL, _ report: inout ExportReport) throws {
        var files: [String] = []
        let data = url.appendingPathComponent("data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        for part in dataset.parts {
            let split = part == .train ? "train" : "validation"
            try RecordWriter.write(data.appendingPathComponent(split + ".jsonl")) { writer in
                try dataset.forEach(in: part) { document in
                    let messages = zip(document.messages, OpenAIMessages.messages(document)).map { message, shown in
                        let marks: [String: JSONValue] = [
                            "train": .bool(message.isTrained), "weight": .number(message.trainedWeight ?? 0),
                        ]
                        return JSONValue.object((shown.object ?? [:]).merging(marks) { $1 })
                    }
                    try writer.append(
                        .object([
                            "id": .string(document.recordID), "suite": .string(document.provenance.suite),
                            "method": document.provenance.method.map { .string($0.rawValue) } ?? .null,
                            "messages": .array(messages),
                        ]), raw: ["tools": document.tools])
                }
                report.documents += writer.count
                report.records += writer.count
            }
            files.append("  - split: \(split)\n    path: data/\(split).jsonl")
        }
        let readme = """
            ---
            pretty_name: \(dataset.folder.url.lastPathComponent)
            task_categories:
            - text-generation
            tags:
            - agent
            configs:
            - config_name: default
              data_files:
            \(files.joined(separator: "\n"))
            ---

            Conversations for fine-tuning, made with Temper. `messages` holds `role`, `content`, `train` and `weight`:
            learn from the messages where `train` is true, each as much as `weight` says, and from no other.

            \(try dataset.cardText())
            """
        try AtomicFile.write(Data(readme.utf8), to: url.appendingPathComponent("README.md"))
    }
}

/// A folder for `mlx_lm.lora`. It masks all but a conversation's last message, so each learnt reply is a record of its own.
package struct MLXFolder: ExportFormat {
    package let name = "mlx"
    package let summary = "a folder for mlx_lm.lora: train.jsonl, valid.jsonl and lora.yaml"
    package var isFolder: Bool { true }
    /// mlx-lm refuses to train without a validation file: without a held-out part, a share of the documents goes there.
    static let validationShare = 20

    package func write(_ dataset: ExportSource, to url: URL, _ report: inout ExportReport) throws {
        let hasHeldOut = dataset.parts.contains(.heldOut)
        for isValidation in [false, true] {
            let part: ExportSource.Part = isValidation && hasHeldOut ? .heldOut : .train
            try RecordWriter.write(url.appendingPathComponent(isValidation ? "valid.jsonl" : "train.jsonl")) { writer in
                var index = 0
                try dataset.forEach(in: part) { document in
                    defer { index += 1 }
                    guard hasHeldOut || (index % Self.validationShare == 0) == isValidation else { return }
                    report.documents += 1
                    for record in try dataset.shown(document).onePerTrainedReply {
                        let messages = OpenAIMessages.messages(record).map { message in
                            JSONValue.object((message.object ?? [:]).filter { $0.key != "weight" })
                        }
                        try writer.append(.object(["messages": .array(messages)]), raw: ["tools": record.tools])
                    }
                }
                report.records += writer.count
            }
        }
        if !hasHeldOut {
            report.notes.append(
                "There is no held-out part, and mlx-lm needs one: one document of \(Self.validationShare) is in valid.jsonl instead."
            )
        }
        let config = """
            # mlx_lm.lora --config lora.yaml, run inside this folder
            model: \(try yaml(dataset.baseModel()))
            train: true
            data: .
            fine_tune_type: lora
            # Each record ends with the one reply that is learnt from it.
            mask_prompt: true
            batch_size: 4
            grad_accumulation_steps: 16
            iters: 2000
            learning_rate: 5.0e-5
            max_seq_length: 4096
            adapter_path: adapters

            """
        try AtomicFile.write(Data(config.utf8), to: url.appendingPathComponent("lora.yaml"))
    }
}

/// A folder for LLaMA-Factory: it has no mask for single turns in its releases, but `mask_history` learns a conversation's last
/// reply only, so each learnt reply is a record of its own.
package struct LlamaFactoryFolder: ExportFormat {
    package let name = "llamafactory"
    package let summary = "a folder for LLaMA-Factory: data/, dataset_info.json and train.yaml"
    package var isFolder: Bool { true }

    package func write(_ dataset: ExportSource, to url: URL, _ report: inout ExportReport) throws {
        let data = url.appendingPathComponent("data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        var entries: [String: JSONValue] = [:]
        for part in dataset.parts {
            try RecordWriter.write(data.appendingPathComponent(part.rawValue + ".json"), style: .array) { writer in
                try dataset.forEach(in: part) { document in
                    report.documents += 1
                    var shown = try dataset.shown(document)
                    if !hasPlaces(for: shown) { shown = try document.worded() }
                    guard isAlternating(shown) else { return report.leaveOut("user and assistant do not take turns") }
                    for record in shown.onePerTrainedReply { try writer.append(self.record(record)) }
                }
                report.records += writer.count
            }
            entries["temper_" + part.rawValue] = .object([
                "file_name": .string(part.rawValue + ".json"), "formatting": .string("sharegpt"),
                "columns": .object([
                    "messages": .string("conversations"), "system": .string("system"), "tools": .string("tools"),
                ]),
            ])
        }
        try AtomicFile.writeJSON(JSONValue.object(entries), to: data.appendingPathComponent("dataset_info.json"))
        let template = try Self.theirName(of: dataset.chatTemplate())
        if template == nil {
            report.notes.append(
                "LLaMA-Factory has no name for the chat template: it reads the one of the model's tokenizer, which must be the same."
            )
        }
        let validation = dataset.parts.contains(.heldOut) ? "eval_dataset: temper_held_out\neval_strategy: epoch\n" : ""
        let config = """
            # llamafactory-cli train train.yaml, run inside this folder
            model_name_or_path: \(try yaml(dataset.baseModel()))
            stage: sft
            do_train: true
            finetuning_type: lora
            lora_rank: 8
            lora_alpha: 16
            lora_target: all
            dataset_dir: data
            dataset: temper_train
            \(validation)\(template.map { "template: \($0)" } ?? "# The chat template is the tokenizer's.")
            cutoff_len: 4096
            # Each record ends with the one reply that is learnt from it.
            mask_history: true
            train_on_prompt: false
            packing: false
            per_device_train_batch_size: 4
            gradient_accumulation_steps: 16
            learning_rate: 5.0e-5
            lr_scheduler_type: cosine
            warmup_ratio: 0.02
            num_train_epochs: 3
            bf16: true
            output_dir: output

            """
        try AtomicFile.write(Data(config.utf8), to: url.appendingPathComponent("train.yaml"))
    }

    /// What LLaMA-Factory calls a template (`src/llamafactory/data/template.py`); nil for a model's own and for those it lacks.
    static func theirName(of template: ChatTemplate) -> String? {
        [
            "chatml": "chatml", "llama-2": "llama2", "vicuna": "vicuna", "alpaca": "alpaca", "llama-3": "llama3",
            "mistral": "mistral", "zephyr": "zephyr", "smollm2": "smollm2", "qwen2.5": "qwen", "qwen3": "qwen3_nothink",
        ][template.rawValue]
    }

    private func isAlternating(_ document: Document) -> Bool {
        let turns = document.messages.first?.role == .system ? document.messages.dropFirst() : document.messages[...]
        return turns.enumerated().allSatisfy { $0.element.role == ($0.offset % 2 == 0 ? .user : .assistant) }
    }

    /// Whether its form can say all of a chat: a turn is either text or calls, and one result answers them. What it cannot say is
    /// put into words.
    private func hasPlaces(for document: Document) -> Bool {
        document.messages.allSatisfy { message in
            message.reasoning == nil && message.name == nil
                && (message.calls == nil || message.text.isEmpty && message.calls?.count == 1)
        }
    }

    private func record(_ document: Document) throws -> JSONValue {
        let messages = document.messages
        let system = messages.first?.role == .system ? messages[0].text : ""
        let turns = try messages.filter { $0.role != .system }.map { message -> JSONValue in
            if let call = message.calls?.first {
                let value = "{\"name\": \(try yaml(call.name)), \"arguments\": \(call.arguments)}"
                return .object(["from": .string("function_call"), "value": .string(value)])
            }
            let speaker = message.result != nil ? "observation" : message.role == .user ? "human" : "gpt"
            return .object(["from": .string(speaker), "value": .string(message.text)])
        }
        return .object([
            "system": .string(system), "conversations": .array(turns), "tools": .string(document.tools ?? ""),
        ])
    }
}

/// A folder for axolotl, which masks single characters: each message says which of its parts are learnt.
package struct AxolotlFolder: ExportFormat {
    package let name = "axolotl"
    package let summary = "a folder for axolotl: data/*.jsonl and config.yaml, with masks inside messages"
    package var isFolder: Bool { true }

    package func write(_ dataset: ExportSource, to url: URL, _ report: inout ExportReport) throws {
        let data = url.appendingPathComponent("data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        for part in dataset.parts {
            try RecordWriter.write(data.appendingPathComponent(part.rawValue + ".jsonl")) { writer in
                try dataset.forEach(in: part) { document in
                    let shown = try dataset.shown(document)
                    let messages = zip(shown.messages, OpenAIMessages.messages(shown)).map(message)
                    try writer.append(.object(["messages": .array(messages)]), raw: ["tools": shown.tools])
                }
                report.documents += writer.count
                report.records += writer.count
            }
        }
        func entry(_ part: ExportSource.Part) -> String {
            """
            - path: data/\(part.rawValue).jsonl
              ds_type: json
              type: chat_template
              field_messages: messages
              roles_to_train: []
              train_on_eos: turn
              message_field_training: train
              message_field_training_detail: train_detail
            """.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
        }
        let test = dataset.parts.contains(.heldOut) ? "\ntest_datasets:\n\(entry(.heldOut))" : ""
        // axolotl's templates of the same names differ in small ways; the text says exactly what was trained on.
        let jinja = try yaml(dataset.chatTemplate().jinja)
        let config = """
            # axolotl train config.yaml, run inside this folder
            base_model: \(try yaml(dataset.baseModel()))
            chat_template: jinja
            chat_template_jinja: \(jinja)
            datasets:
            \(entry(.train))\(test)
            dataset_prepared_path: prepared
            output_dir: output
            adapter: lora
            lora_r: 8
            lora_alpha: 16
            lora_target_linear: true
            sequence_len: 4096
            sample_packing: false
            micro_batch_size: 4
            gradient_accumulation_steps: 16
            num_epochs: 3
            optimizer: adamw_torch
            learning_rate: 5.0e-5
            lr_scheduler: cosine
            warmup_ratio: 0.02
            bf16: auto

            """
        try AtomicFile.write(Data(config.utf8), to: url.appendingPathComponent("config.yaml"))
    }

    /// Offsets count characters as Python does (Unicode scalars); the end is inclusive.
    private func message(_ message: Document.Message, _ shown: JSONValue) -> JSONValue {
        var fields = (shown.object ?? [:]).filter { $0.key != "weight" }
        fields["train"] = .bool(message.isTrained)
        if message.isTrained, message.spans.contains(where: { !$0.train && !$0.text.isEmpty }) {
            var start = 0
            fields["train_detail"] = .array(
                message.spans.filter { !$0.text.isEmpty }.map { span in
                    let end = start + span.text.unicodeScalars.count
                    defer { start = end }
                    return .object([
                        "begin_offset": .number(Double(start)), "end_offset": .number(Double(end - 1)),
                        "train": .bool(span.train),
                    ])
                })
        }
        return .object(fields)
    }
}

/// A string as a YAML scalar.
private func yaml(_ text: String) throws -> String {
    String(decoding: try JSONEncoder.stable().encode(text), as: UTF8.self)
}
