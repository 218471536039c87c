extension ModelTemplate {
    /// The templates of model families that Temper knows by name, beside the four it writes itself (Llama 2's is CodeLlama's too).
    package static let familyNames = families.map(\.name)

    /// Text goes through them unchanged, and every turn stands as it did when it was written: unlike the models' own, which trim
    /// (Llama 3), drop old thoughts (Qwen3) or refuse a system message (Mistral), they can be trained on exactly.
    static let families: [ModelTemplate] = [
        // https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3/
        family(
            "llama-3", ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
            """
            {{- '<|begin_of_text|>' -}}
            {%- for message in messages -%}
            {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] + '<|eot_id|>' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}{%- endif -%}
            """),
        // Mistral 7B Instruct v0.1 to v0.3: https://docs.mistral.ai/guides/tokenization/ (v1 to v3); a system message stands before
        // the first user's, as mistral-common puts it there.
        family(
            "mistral", ["<s>", "</s>"],
            """
            {{- '<s>' -}}
            {%- for message in messages -%}
            {%- if message['role'] == 'system' -%}
            {%- if not loop.first or loop.last or loop.nextitem['role'] != 'user' -%}
            {{- raise_exception('a system message can only stand before the first user message') -}}
            {%- endif -%}
            {{- '[INST] ' + message['content'] + '\\n\\n' -}}
            {%- elif message['role'] == 'user' -%}
            {%- if loop.index0 != 1 or messages[0]['role'] != 'system' -%}{{- '[INST] ' -}}{%- endif -%}
            {{- message['content'] + ' [/INST]' -}}
            {%- else -%}
            {{- ' ' + message['content'] + '</s>' -}}
            {%- endif -%}
            {%- endfor -%}
            """),
        // TinyLlama chat and Zephyr: https://huggingface.co/HuggingFaceH4/zephyr-7b-beta (model card)
        family(
            "zephyr", ["<s>", "</s>"],
            """
            {%- for message in messages -%}
            {{- '<|' + message['role'] + '|>\\n' + message['content'] + '</s>\\n' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|assistant|>\\n' -}}{%- endif -%}
            """),
        family(
            "smollm2", chatMLTokens,
            chatML(system: "You are a helpful AI assistant named SmolLM, trained by Hugging Face")),
        family(
            "qwen2.5", chatMLTokens,
            chatML(system: "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.", takesTools: true)),
        // Qwen3 without thinking: its empty block stands before every reply, not only the last.
        family("qwen3", chatMLTokens, chatML(beforeReply: "<think>\\n\\n</think>\\n\\n", takesTools: true)),
    ]

    private static let chatMLTokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

    private static func family(_ name: String, _ special: [String], _ jinja: String) -> ModelTemplate {
        ModelTemplate(jinja, name: name, specialTokens: special, requiredTokens: special)
    }

    /// ChatML with a system message of its own, the functions of Hermes and Qwen models, and a text before every reply.
    private static func chatML(system: String? = nil, beforeReply: String = "", takesTools: Bool = false) -> String {
        let tools = """
            {%- if tools -%}
            {%- set ns.system = ns.system + ('\\n\\n' if ns.system else '') + "# Tools\\n\\nYou may call one or more functions to assist with the user query.\\n\\nYou are provided with function signatures within <tools></tools> XML tags:\\n<tools>" -%}
            {%- for tool in tools -%}{%- set ns.system = ns.system + '\\n' + tool | tojson -%}{%- endfor -%}
            {%- set ns.system = ns.system + "\\n</tools>\\n\\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\\n<tool_call>\\n{\\"name\\": <function-name>, \\"arguments\\": <args-json-object>}\\n</tool_call>" -%}
            {%- endif -%}

            """
        return """
            {%- set ns = namespace(system='\(system ?? "")', first=0) -%}
            {%- if messages and messages[0]['role'] == 'system' -%}
            {%- set ns.system = messages[0]['content'] -%}{%- set ns.first = 1 -%}
            {%- endif -%}
            \(takesTools ? tools : "")\
            {%- if ns.system or ns.first -%}{{- '<|im_start|>system\\n' + ns.system + '<|im_end|>\\n' -}}{%- endif -%}
            {%- for message in messages[ns.first:] -%}
            {{- '<|im_start|>' + message['role'] + '\\n' -}}
            {%- if message['role'] == 'assistant' -%}{{- '\(beforeReply)' -}}{%- endif -%}
            {{- message['content'] + '<|im_end|>\\n' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n\(beforeReply)' -}}{%- endif -%}
            """
    }
}
