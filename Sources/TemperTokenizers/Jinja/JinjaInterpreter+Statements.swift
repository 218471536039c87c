extension JinjaInterpreter {
    /// How a body ended.
    enum Flow { case on, leave, next }

    func run(_ statements: [JinjaStatement]) throws -> Flow {
        try nested {
            for statement in statements {
                try work.step()
                line = statement.line
                let flow = try run(statement.kind)
                if flow != .on { return flow }
            }
            return .on
        }
    }

    private func run(_ kind: JinjaStatement.Kind) throws -> Flow {
        switch kind {
        case .data(let text): try write(text)
        case .output(let values):
            for value in values { try write(evaluate(value).str(work)) }
        case .choice(let branches, let otherwise):
            for branch in branches where try evaluate(branch.test).isTrue { return try run(branch.body) }
            return try run(otherwise)
        case .loop(let target, let over, let test, let body, let otherwise):
            return try loop(target, over, test, body, otherwise)
        case .assignment(let target, let value): try bind(target, evaluate(value))
        case .capture(let target, let filters, let body):
            let text = try capture { _ = try inScope { try run(body) } }
            try bind(target, apply(filters, to: .text(text)))
        case .macro(let signature): scope.values[signature.name] = .object(try macro(signature))
        case .call(let call, let signature): try write(evaluate(call, caller: macro(signature)).str(work))
        case .filter(let filters, let body):
            let text = try capture { _ = try inScope { try run(body) } }
            try write(apply(filters, to: .text(text)).str(work))
        case .with(let values, let body):
            let evaluated = try values.map { ($0.0, try evaluate($0.1)) }
            return try inScope {
                for (target, value) in evaluated { try bind(target, value) }
                return try run(body)
            }
        case .generation(let body):
            let start = output.count
            _ = try inScope { try run(body) }
            if captureDepth == 0 { generated.append(start..<output.count) }
        case .leave: return .leave
        case .next: return .next
        }
        return .on
    }

    private func loop(
        _ target: JinjaTarget, _ over: JinjaExpression, _ test: JinjaExpression?, _ body: [JinjaStatement],
        _ otherwise: [JinjaStatement]
    ) throws -> Flow {
        var items = try evaluate(over).items()
        try work.spend(items.count)
        if let test {
            items = try items.filter { item in
                try work.step()
                return try inScope {
                    try bind(target, item)
                    return try evaluate(test).isTrue
                }
            }
        }
        guard !items.isEmpty else { return try inScope { try run(otherwise) } }
        let start = line
        let loop = JinjaLoop(items)
        while let item = loop.advance() {
            try work.step()
            line = start
            let flow = try inScope {
                scope.values["loop"] = .object(loop)
                try bind(target, item)
                return try run(body)
            }
            if flow == .leave { break }
        }
        return .on
    }
}
