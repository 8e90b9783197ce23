"""Figures: how good the estimator is, and whether more labels would help."""

from __future__ import annotations

from typing import Literal

from jupyterlab_al.handlers.schemas.rounds import LastRoundReply
from jupyterlab_al.handlers.schemas.wire import AccuracyReply, Reply


class GainReply(Reply):
    """Chosen labels against as many random ones, both measured on the same random checks."""

    n_labels: int
    chosen: float
    random: float
    #: 95 % interval of chosen minus random.
    low: float
    high: float
    n_checks: int


class CurvePoint(Reply):
    """One finished round on the learning curve."""

    round: str
    n_labels: int
    accuracy: float | None
    low: float | None
    high: float | None
    utility_mean: float | None
    changed_share: float | None
    #: Agreement with the round before beyond chance (kappa).
    agreement: float | None
    #: Chosen against random labels, as measured in that round.
    gain: GainReply | None


class Vote(Reply):
    """One stopping rule's opinion."""

    rule: str
    says: Literal["continue", "stop", "unknown"]
    because: str


class AdviceReply(Reply):
    """Whether more labels would help."""

    stop: bool
    votes: list[Vote]


class OrderReply(Reply):
    """What the queue is ordered by now."""

    by: Literal["random", "model"]
    #: Whether the strategy gets to know the data or asks where the model is unsure.
    phase: Literal["explore", "refine"]
    round: str | None
    n_labels: int
    labels_since: int
    #: Classes that still lack labels before the model can join, and how many.
    needs: dict[str, int]


class ThroughputReply(Reply):
    """The pace of labeling over the newest labels of the project."""

    per_hour: float
    seconds_per_label: float


class ClassFiguresReply(Reply):
    """One class on the random checks; null where none was counted."""

    #: Of the samples that are given the class, the share that are of it.
    precision: AccuracyReply | None
    #: Of the samples that are of the class, the share that is found.
    recall: AccuracyReply | None


class SecondReadingReply(Reply):
    """Accuracy from chosen labels, weighted by the probabilities of their draws (LURE)."""

    value: float
    standard_error: float
    n: int


class ConfusionReply(Reply):
    """Two labels that annotators take for each other, and how many samples got both."""

    labels: tuple[str, str]
    n: int


class AgreementReply(Reply):
    """How far annotators agree about the samples that several of them labeled."""

    #: Agreement beyond chance (Fleiss' kappa).
    value: float
    #: Of two annotators of a sample, the share that say the same.
    same: float
    #: Samples that several labeled.
    n: int
    confused: list[ConfusionReply]


class UtilityHistogramReply(Reply):
    """How many samples have utilities between `low` and `high`, in bins of one width."""

    low: float
    high: float
    counts: list[int]


class MetricsReply(Reply):
    """Reply of `GET metrics`; no figure but `second_reading` comes from chosen labels."""

    labels: int
    labels_per_class: dict[str, int]
    checks: int
    skipped: int
    #: Skips of random checks: were these the hard ones, the accuracy is too high.
    skipped_checks: int
    n_samples: int
    n_labeled: int
    accuracy: AccuracyReply | None
    curve: list[CurvePoint]
    per_class: dict[str, ClassFiguresReply]
    #: Mean F1 of the classes that random checks met; null where a sample has one label.
    macro_f1: AccuracyReply | None
    gain: GainReply | None
    second_reading: SecondReadingReply | None
    #: As of the newest round; null while no sample has two annotators.
    agreement: AgreementReply | None
    #: Samples that people disagree about, without a majority.
    disputed: int
    #: Labels that the model doubts and nobody looked at again yet.
    suspected: int
    #: Why the model doubts no label, where it can't or has not looked yet.
    review_note: str | None
    predicted_share: dict[str, float]
    #: Of the samples that the newest round scored; null before the first.
    utilities: UtilityHistogramReply | None
    advice: AdviceReply
    order: OrderReply
    last_round: LastRoundReply | None
    throughput: ThroughputReply | None
