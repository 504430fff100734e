"""What an embedder reads before a question, and around a stored pair: each model has its own."""

from dataclasses import dataclass

from engine.retrieval.embedders.base import MAX_CHARACTERS, readable


@dataclass(frozen=True, slots=True)
class Prompts:
    """``query`` has a place for {question}, ``document`` for {question} and {answer}."""

    query: str = "{question}"
    document: str = "{question} {answer}"

    def of_query(self, question: str) -> str:
        """The text that is embedded for ``question``, of MAX_CHARACTERS at most."""
        return self.query.format(question=readable(question))[:MAX_CHARACTERS]

    def of_document(self, question: str, answer: str) -> str:
        """The text that is embedded for a stored pair, of MAX_CHARACTERS at most."""
        text = self.document.format(question=readable(question), answer=readable(answer))
        return text[:MAX_CHARACTERS]


PLAIN = Prompts()
E5 = Prompts("query: {question}", "query: {question} {answer}")  # one prefix: likeness is meant
EMBEDDINGGEMMA = Prompts(
    "task: search result | query: {question}", "title: {question} | text: {answer}"
)
