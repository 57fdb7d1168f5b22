"""What the refusals of models mean to HTTP and to people."""

from content.models.rules import ModelRefusal
from infra.problems import Explained, register

register(
    {
        ModelRefusal.MODEL_EXISTS: Explained(
            409, "该业务方的这一层已经有内容模型。", "This layer of the business has a content model already."
        ),
        ModelRefusal.MODEL_NOT_SOUND: Explained(
            422, "内容模型草稿有问题，请先修改。", "The draft has problems; correct them first."
        ),
        ModelRefusal.MODEL_UNCHANGED: Explained(
            409, "草稿与已发布的版本相同。", "The draft is the same as the published version."
        ),
        ModelRefusal.MODEL_BREAKS: Explained(
            409,
            "有 {failing} 个现有文档不符合新版本；如仍要发布，请确认。",
            "{failing} documents do not fit the new version; publish again and accept that if it is meant.",
        ),
        ModelRefusal.DRY_RUN_NEEDED: Explained(
            409,
            "现有文档超过 {documents} 个，请先对全部文档试运行这个草稿。",
            "There are more than {documents} documents; try this draft on all of them first.",
        ),
        ModelRefusal.NO_MODEL: Explained(
            409, "该层还没有已发布的内容模型。", "This layer has no published content model yet."
        ),
        ModelRefusal.VALUES_DO_NOT_FIT: Explained(
            422, "扩展字段不符合内容模型。", "The extension fields do not fit the content model."
        ),
        ModelRefusal.MIGRATION_RUNNING: Explained(
            409, "该模型有迁移正在进行。", "A migration of this model is under way."
        ),
        ModelRefusal.NOTHING_TO_UNDO: Explained(
            409, "旧值已不再保留，无法撤销。", "The old values are no longer kept; this can't be undone."
        ),
    }
)
