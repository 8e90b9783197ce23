"""From values to bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jupyterlab_al.datasets.description import FeaturesSpec
from jupyterlab_al.domain.models import Annotation, Claimed, Job, utc
from jupyterlab_al.domain.stopping import advises_stop
from jupyterlab_al.handlers import schemas
from jupyterlab_al.learning.spec import default_spec
from jupyterlab_al.services.metrics import Metrics, curve
from jupyterlab_al.services.projects import ProjectView, problems
from jupyterlab_al.services.queue import Held


def project(view: ProjectView) -> schemas.ProjectReply:
    """Return one project."""
    of = view.project
    config = of.config
    accuracy = view.last_round.result.get("accuracy") if view.last_round else None
    return schemas.ProjectReply(
        name=of.name,
        title=of.title,
        state=of.state,
        error=of.error,
        dataset=config["dataset"],
        display=config["display"],
        features=config["features"],
        classes=of.class_names,
        merged=[
            schemas.MergedClass(name=name, into=of.classes[index], position=index)
            for name, index in of.merged.items()
        ],
        multi_label=of.multi_label,
        label_column=config["label_column"],
        estimator=config["estimator"] or _default_estimator(config),
        strategy=config["strategy"],
        retrain_every=config["retrain_every"],
        early_rounds=config.get("early_rounds", False),
        check_share=config["check_share"],
        review_share=of.review_share,
        overlap=of.overlap,
        queue_size=config["queue_size"],
        seed=of.seed,
        blind=config["blind"],
        error_cost=config.get("error_cost", 1.0),
        budget=config.get("budget", 0),
        n_samples=of.n_samples,
        n_labeled=view.n_labeled,
        n_annotations=of.n_annotations,
        n_checks=view.n_checks,
        accuracy=_accuracy(accuracy),
        preparing=None
        if view.preparing is None
        else schemas.ProgressReply(
            phase=view.preparing.phase or "waiting", progress=view.preparing.progress
        ),
        problems=problems(of),
        role=of.role,
        created_at=of.created_at,
        last_activity_at=view.last_activity_at,
    )


def claim(
    claimed: Claimed,
    shown: Sequence[tuple[str, Any]],
    predictions: Sequence[dict[str, float] | None] | None,
) -> schemas.ClaimReply:
    """Return leases with what is shown.

    Without predictions, in blind projects, it stays hidden how a sample was drawn as well.
    """
    leases = []
    for place, (lease, (key, display)) in enumerate(zip(claimed.leases, shown, strict=True)):
        drawn: dict[str, Any] = {}
        if predictions is not None:
            drawn["source"] = lease.source
            if predictions[place] is not None:
                drawn["prediction"] = predictions[place]
        leases.append(
            schemas.LeaseReply(
                sample_id=lease.sample_id,
                sample_key=key,
                rank=lease.rank,
                expires_at=lease.expires_at,
                token=lease.token,
                display=display,
                **drawn,
            )
        )
    return schemas.ClaimReply(
        leases=leases, empty_because=claimed.empty_because, back_at=claimed.back_at
    )


def leases(held: Held) -> schemas.LeasesReply:
    """Return what was still held."""
    return schemas.LeasesReply(
        leases=[
            schemas.HeldLease(sample_id=sample_id, token=token, expires_at=utc(expires_at))
            for sample_id, token, expires_at in held
        ]
    )


def of_annotations(
    items: Iterable[Annotation], keys: Iterable[str]
) -> list[schemas.AnnotationReply]:
    """Return annotations with the keys that people know their samples by."""
    return [
        schemas.AnnotationReply(
            id=str(item.id),
            key=item.key,
            sample_id=item.sample_id,
            sample_key=key,
            label=item.label,
            annotator=item.annotator,
            source=item.source,
            created_at=item.created_at,
            undone_at=item.undone_at,
            flagged=item.flagged,
            comment=item.comment,
            seconds=item.seconds,
        )
        for item, key in zip(items, keys, strict=True)
    ]


def a_round(job: Job) -> schemas.RoundReply:
    """Return one round."""
    result = job.result
    return schemas.RoundReply(
        id=str(job.id),
        state=job.state,
        phase=job.phase if job.state == "running" else None,
        progress=job.progress,
        n_labels=job.n_labels,
        n_train=result.get("n_train", 0),
        n_checks=result.get("n_checks", 0),
        n_scored=result.get("n_scored"),
        n_candidates=result.get("n_candidates"),
        seconds=result.get("seconds", {}),
        accuracy=_accuracy(result.get("accuracy")),
        warnings=result.get("warnings", []),
        error=job.error,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )


def metrics(of: Metrics) -> schemas.MetricsReply:
    """Return the figures of a project."""
    last = of.last_round
    newest = of.rounds[-1].result if of.rounds else {}
    return schemas.MetricsReply(
        labels=of.labels,
        labels_per_class=of.labels_per_class,
        checks=of.checks,
        skipped=of.skipped,
        skipped_checks=of.skipped_checks,
        n_samples=of.project.n_samples,
        n_labeled=of.n_labeled,
        accuracy=_accuracy(of.accuracy),
        curve=[schemas.CurvePoint(**point) for point in curve(of.rounds)],
        per_class={
            name: schemas.ClassFiguresReply(
                precision=_accuracy(figures["precision"]), recall=_accuracy(figures["recall"])
            )
            for name, figures in newest.get("per_class", {}).items()
        },
        macro_f1=_accuracy(newest.get("macro_f1")),
        gain=schemas.GainReply(**newest["gain"]) if newest.get("gain") else None,
        second_reading=schemas.SecondReadingReply(**newest["second_reading"])
        if newest.get("second_reading")
        else None,
        agreement=schemas.AgreementReply.model_validate(newest["annotators"], strict=False)
        if newest.get("annotators")
        else None,
        disputed=of.disputed,
        suspected=of.suspected,
        review_note=(newest.get("doubts") or {}).get("note"),
        predicted_share=newest.get("predicted_share", {}),
        utilities=schemas.UtilityHistogramReply(**newest["utility_histogram"])
        if newest.get("utility_histogram")
        else None,
        advice=schemas.AdviceReply(
            stop=advises_stop(of.votes),
            votes=[
                schemas.Vote(rule=vote.rule, says=vote.says, because=vote.because)
                for vote in of.votes
            ],
        ),
        order=_order(of),
        last_round=None
        if last is None
        else schemas.LastRoundReply(
            id=str(last.id),
            state=last.state,
            phase=last.phase if last.state == "running" else None,
            progress=last.progress,
            error=last.error,
        ),
        throughput=None
        if of.throughput is None
        else schemas.ThroughputReply(per_hour=of.throughput[0], seconds_per_label=of.throughput[1]),
    )


def _order(of: Metrics) -> schemas.OrderReply:
    by_model = of.project.order_round is not None
    newest = of.rounds[-1].result if of.rounds else {}
    return schemas.OrderReply(
        by="model" if by_model else "random",
        phase=newest.get("strategy_phase", "refine") if by_model else "explore",
        round=str(of.project.order_round) if by_model else None,
        n_labels=of.project.order_labels,
        labels_since=max(0, of.labels - of.project.order_labels),
        needs=of.needs,
    )


def _default_estimator(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a project uses that names no estimator."""
    features = FeaturesSpec.from_json(config["features"])
    return default_spec(is_sparse=features.layout == "csr").as_json()


def _accuracy(value: dict[str, Any] | None) -> schemas.AccuracyReply | None:
    if not value:
        return None
    return schemas.AccuracyReply(
        value=value["value"], low=value["low"], high=value["high"], n=value["n"]
    )
