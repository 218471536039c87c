package import TemperCore

/// Which actions make sense in question answering, from the question and what was done so far.
package enum QuestionActions {
    /// An action and what it showed.
    package struct Step: Sendable, Hashable {
        package var action: Action
        package var observation: String

        package init(action: Action, observation: String) {
            self.action = action
            self.observation = observation
        }
    }

    /// The admissible actions, at most 40, in a fixed order: pages to search, words to look up, answers to give.
    ///
    /// Searches are the titles in the question and the observations that were not searched yet; lookups (once a page is open)
    /// are words of the question and a few common relation words; answers are titles and numbers of the observations, yes and
    /// no, or the labels where only these can be right. Where there are too many, the newest observations win.
    package static func admissible(question: String, history: [Step], labels: [String]? = nil) -> [Action] {
        let observations = history.reversed().map(\.observation)
        let searched = Set(history.filter { $0.action.name == "search" }.map { $0.action.argument.lowercased() })
        let looked = Set(history.filter { $0.action.name == "lookup" }.map { $0.action.argument.lowercased() })
        var titles: [String] = []
        var answers: [String] = []
        for text in observations {
            let shown = TextSpans.titles(in: text)
            titles += shown.filter { !titles.contains($0) }
            for span in shown + TextSpans.numbers(in: text) + classes(in: text) where !answers.contains(span) {
                answers.append(span)
            }
        }
        for span in TextSpans.titles(in: question) where !titles.contains(span) { titles.insert(span, at: 0) }
        let searches = titles.filter { !searched.contains($0.lowercased()) }.prefix(12).map { Action("search", $0) }
        let hasPage = history.contains { $0.action.name == "search" && !$0.observation.hasPrefix("No page matches") }
        let words = (TextSpans.contentWords(in: question).prefix(4) + relationWords).filter { !looked.contains($0) }
        let lookups = hasPage ? words.map { Action("lookup", $0) } : []
        let finishes = (labels ?? answers.prefix(16) + ["yes", "no"]).map { Action("finish", $0) }
        return unique(searches + lookups + finishes)
    }

    /// The steps of a trajectory's turns; turns without an action are left out.
    package static func history(of turns: [Turn]) -> [Step] {
        turns.compactMap { turn in
            turn.action.map { Step(action: $0, observation: turn.observation ?? "") }
        }
    }

    private static let relationWords = ["born", "founded", "married", "based", "produced", "directed"]

    /// Lower-case words after "a" or "an": professions and kinds.
    private static func classes(in text: String) -> [String] {
        let words = text.split { !$0.isLetter }
        return zip(words, words.dropFirst()).compactMap { article, word in
            (article == "a" || article == "an") && word.first?.isLowercase == true ? String(word) : nil
        }
    }

    private static func unique(_ list: [Action]) -> [Action] {
        var seen: Set<Action> = []
        return list.filter { seen.insert($0).inserted }
    }
}
