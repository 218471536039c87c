extension ChatTemplate {
    /// The template for `transformers`: `apply_chat_template` gives what ``render(_:addGenerationPrompt:)`` gives.
    package var jinja: String {
        switch self {
        case .chatML:
            """
            {%- for message in messages -%}
            {{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
            """
        case .llama2:
            """
            {%- for message in messages -%}
            {%- if message['role'] == 'system' -%}
            \(Self.refusal("not loop.first or (not loop.last and loop.nextitem['role'] != 'user')"))
            {{- '<s>[INST] <<SYS>>\\n' + message['content'] + '\\n<</SYS>>\\n\\n' -}}
            {%- elif message['role'] == 'user' -%}
            {%- if loop.index0 != 1 or messages[0]['role'] != 'system' -%}{{- '<s>[INST] ' -}}{%- endif -%}
            {{- message['content'] + ' [/INST] ' -}}
            {%- else -%}
            {{- message['content'] + ' </s>' -}}
            {%- endif -%}
            {%- endfor -%}
            """
        case .vicuna:
            """
            {%- if not messages or messages[0]['role'] != 'system' -%}{{- "\(Self.vicunaSystem) " -}}{%- endif -%}
            {%- for message in messages -%}
            {%- if message['role'] == 'system' -%}
            \(Self.refusal("not loop.first"))
            {{- message['content'] + ' ' -}}
            {%- elif message['role'] == 'user' -%}
            {{- 'USER: ' + message['content'] + ' ' -}}
            {%- else -%}
            {{- 'ASSISTANT: ' + message['content'] + '</s>' -}}
            {%- endif -%}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- 'ASSISTANT: ' -}}{%- endif -%}
            """
        case .alpaca:
            """
            {%- set state = namespace(has_user=false) -%}
            {%- if not messages or messages[0]['role'] != 'system' -%}{{- '\(Self.alpacaSystem)' -}}{%- endif -%}
            {%- for message in messages -%}
            {%- if message['role'] == 'system' -%}
            \(Self.refusal("not loop.first"))
            {{- message['content'] -}}
            {%- elif message['role'] == 'user' and not state.has_user -%}
            {%- set state.has_user = true -%}
            {{- '\\n\\n### Instruction:\\n' + message['content'] + '\\n\\n### Response:\\n' -}}
            {%- elif message['role'] == 'user' -%}
            {{- message['content'] + '\\n' -}}
            {%- else -%}
            \(Self.refusal("not state.has_user"))
            {{- message['content'] + '</s>\\n' -}}
            {%- endif -%}
            {%- endfor -%}
            """
        case .model(let template): template.jinja
        }
    }

    private static func refusal(_ condition: String) -> String {
        "{%- if \(condition) -%}{{- raise_exception('the chat template has no place for this message') -}}{%- endif -%}"
    }

    /// The template a Jinja text is, if it is one of Temper's; a foreign template is never taken for one of them.
    package init?(jinja: String) {
        let known = Self.allCases + ModelTemplate.families.map { .model($0) }
        guard let template = known.first(where: { $0.jinja == jinja }) else { return nil }
        self = template
    }

    /// The template a tokenizer came with: one of Temper's, or else the model's own.
    ///
    /// - Parameter specialTokens: all the tokenizer has.
    init(jinja: String, roles: Tokenizer.Roles, specialTokens: [String]) {
        if let known = ChatTemplate(jinja: jinja) {
            self = known
            return
        }
        var tokens: [String: String] = [:]
        tokens["bos_token"] = roles.begin
        tokens["eos_token"] = roles.end
        tokens["pad_token"] = roles.padding
        self = .model(ModelTemplate(jinja, name: Self.ownName, tokens: tokens, specialTokens: specialTokens))
    }
}
