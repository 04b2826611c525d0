"""The golden cells: small enough for seconds, over all families of tasks, both executors and every type of answer."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Golden:
    """A cell by its addresses, in the quick profile with seed 0; `torch` says whether its answers rest on torch."""

    task: str
    submission: str
    executor: str = "here"
    torch: bool = False

    @property
    def name(self) -> str:
        return f"{self.task}  {self.submission}  {self.executor}"

    @property
    def contributions(self) -> frozenset[str]:
        """The names of its task and its submission."""
        return frozenset({self.task.partition("/")[0], self.submission.partition(":")[0].partition("@")[0]})

    @property
    def address(self) -> str:
        """The split as the registry takes it: the task of this folder by its path."""
        return str(HERE / self.task) if self.task.startswith("reversing/") else self.task


MODULAR = "modular/addition_phases:corruption=0.3,p=11"
COUNT = "algorithms/count:questions=50,rows=200,train_length=6"
COGS = "cogs/generated_small:asked=20,category_rows=2,rows=150,test_rows=20"
SLOG = "slog/generated:asked=20,category_rows=2,rows=150"
RECOGS = "recogs/generated_positions_small:asked=20,category_rows=2,rows=150"
GCOG = "gcog/distractor:questions=20,tasks=160"
PAINTED = "letitwag/synthetic:head=10,tests=1"
SORTING = "sorting/up_to_10:questions=20,rows=200"
SLABS = "simplicity/lms5:questions=50,rows=300"
PATCHES = "patches/tenth:questions=40,rows=100"
CUES = "shortcuts/slabs_r0:questions=50,rows=200,unlabelled=200"
DIGITS = "digits/noisy:questions=20,rows=40"
PIECES = "fragments/spread_50_gap_25:questions=24,rows=200"
EDGES = "networks/new_graph:authors=120,shown=60,validation=20,venues=30"
FACTOR = "factor_teacher/factor:dimension=12,questions=30,rank=2,rows=20,unlabelled=40"
LOCAL = "local_teacher/local2:questions=30,rows=40"
TEACHER = "linear_teacher/linear_over:dimension=10,questions=50,rows=30"
GLYPHS = "glyph_colours/multicolor:questions=20,rows=100"
REWEIGHTED = "glyph_colours/reweighted:pretraining=60,questions=20,rows=40"
DISCOVERY = "glyph_discovery/discovery:each=4,pretraining=40"
HELD = "triplets/parts:questions=20,rows=100"
LABELS = "label_sets/operations:questions=20,rows=40"
TOLD = "sources/pairs:pictures=3,questions=10,rows=60"
SETS = "sets/sum_mod_5:questions=20,rows=300"
TRIPLES = "match3/m17:questions=20,rows=200"
TRIPLES_37 = "match3/m37:questions=20,rows=200"
HULLS = "geometry/hull_5_50:largest=8,questions=20,rows=200"
TOURS = "geometry/tour_10:questions=20,rows=50"
SEQUENCE = "batch_tokens=256,dim=16,steps=20"  # of the kit's writers of sequences

CELLS = (
    Golden(MODULAR, "chance", "process"),
    Golden("modular/division:p=11", "nearest"),
    Golden(SLOG, "nearest"),
    Golden(COUNT, "nearest", "process"),
    Golden("algorithms/mode", "logistic", torch=True),  # no torch in it, but floating point all the same
    Golden(SORTING, "majority"),
    Golden("scan/filler_num0", "nearest"),
    Golden("scan/filler_num0", "induction:looks=100000"),
    Golden("nacs/addprim_turn_left", "nearest"),
    Golden(COGS, "induction:looks=100000"),
    Golden(COGS, "majority", "process"),
    Golden(RECOGS, "nearest"),
    Golden(GCOG, "majority"),
    Golden("gcog_screen/distractor:questions=10,tasks=80", "chance"),
    Golden(PAINTED, "chance", "process"),
    Golden("reversing/short", "majority"),
    Golden("reversing/short", "chance"),
    Golden(MODULAR, "mlp:hidden=32,steps=100", "process", torch=True),
    Golden(MODULAR, "softmax_mlp:hidden=16,loss=stablemax,orthogonal=true,steps=40", torch=True),
    Golden(MODULAR, "modular_transformer:dim=16,steps=40", torch=True),
    Golden(COUNT, f"lstm:curve=2,{SEQUENCE},dropout=0.1,hidden=16", "process", torch=True),
    Golden(COGS, f"transformer:curve=2,{SEQUENCE},dropout=0.1,heads=2,hidden=32", torch=True),
    Golden(SORTING, f"transformer@relative:{SEQUENCE},heads=2,hidden=32,universal=true", torch=True),
    Golden("reversing/short", f"decoder_only:curve=2,{SEQUENCE},heads=2,hidden=32,positions=rotary", torch=True),
    Golden("reversing/short", f"pointer:{SEQUENCE},hidden=16,masked=true", "process", torch=True),
    Golden("scan/filler_num0", f"recombination:{SEQUENCE},hidden=16", torch=True),
    Golden(GCOG, "multimodal:batch=16,curve=2,dim=16,hidden=16,steps=10", torch=True),
    Golden(PAINTED, "longtail:adjustment=1.0,curve=1,epochs=1", "process", torch=True),
    Golden(PAINTED, "class_mean", torch=True),
    Golden("instructions/rules_10:questions=20,rows=200", "nearest"),
    Golden("instructed/tasks_20:questions=20,rows=200", "nearest"),
    Golden("instructed/tasks_one_domain:questions=20,rows=200,says=words_and_examples", "majority"),
    Golden(SETS, "majority"),
    Golden(SETS, "symbolic_features@hash:hashes=2,modulus=5,steps=20,width=8", torch=True),
    Golden(SETS, "set_pooling:batch=32,dim=8,hidden=8,steps=20", torch=True),
    Golden(TRIPLES, "majority"),
    Golden(TRIPLES_37, "kronecker:batch_tokens=448,dim=8,heads=2,learning_rate=0.02,steps=60", torch=True),
    Golden(TRIPLES_37, "kronecker@order2:batch_tokens=448,dim=8,heads=2,learning_rate=0.02,steps=60", torch=True),
    Golden(HULLS, "geometric_heuristics", "process"),
    Golden(HULLS, "point_pointer:batch_tokens=256,dim=8,hidden=16,steps=10", torch=True),
    Golden(TOURS, "point_pointer@fixed_dictionary:batch_tokens=256,dim=8,hidden=16,steps=10", torch=True),
    Golden("geometry/delaunay_5:questions=20,rows=50", "geometric_heuristics"),
    Golden(TOURS, "geometric_heuristics@two_opt"),
    Golden("spheres/sphere2:questions=50,rows=100", "kernel", torch=True),  # no torch in it, but floating point
    Golden("xor_clusters/xor:dimension=64,questions=20,rows=40", "xor_net:hidden=16,steps=5", torch=True),  # likewise
    Golden("sparse_parity/two:questions=20,rows=100", "majority"),
    Golden(PIECES, "linear", torch=True),  # no torch in it, but floating point
    Golden(EDGES, "relations", torch=True),  # no torch in it, but floating point
    Golden(TEACHER, "mean"),
    Golden(FACTOR, "factor_regression:rank=2", torch=True),  # no torch in it, but floating point
    Golden(LOCAL, "kernel_regression", torch=True),  # no torch in it, but floating point
    Golden(TEACHER, "linear_gd", torch=True),  # likewise
    Golden("household/objects:sentences=2,things=12,unseen=4", "policy", torch=True),  # likewise
    Golden("documents/five_languages:documents=10,questions=10", "funnelling@views", torch=True),  # likewise
    Golden("modular/addition_unordered:p=11", "tickets:dense_steps=20,steps=20,width=16", torch=True),
    Golden("modular/addition_unordered:p=11", "moe:batch=16,dim=8,heads=2,hidden=4,probed=9,steps=20", torch=True),
    Golden("subsets/moons:questions=10,rows=40,validation=0", "subset_scores:steps=10,width=8", torch=True),
    Golden("digits/plain:questions=20,rows=40", "gbnn:curve=2,iterations=10,units=20", torch=True),  # floating point
    Golden("digits/plain:questions=20,rows=40", "noprop:batch=16,blocks=3,steps=10,width=8", torch=True),
    Golden("in_context/tasks64:questions=3,rows=40", "meta_learner:batch=8,dim=8,heads=2,steps=10", torch=True),
    Golden("in_context/tasks1:questions=3,rows=40", "nearest_shot"),
    Golden(SLABS, "chance"),
    Golden(SLABS, "linear", torch=True),
    Golden(PATCHES, "collapse_mlp:batch=32,probe=60,steps=20,width=8", torch=True),
    Golden(PATCHES, "patch_net@useful:early=40,filters=4,initial=0.3,rho=0.1,steps=20", torch=True),
    Golden(CUES, "diversification:batch=32,steps=10,width=8", torch=True),
    Golden(SLABS, "vector_mlp:batch=32,shuffled=1,steps=20,width=8", torch=True),
    Golden(GLYPHS, "majority"),
    Golden(DIGITS, "majority"),
    Golden(DIGITS, "vector_optimizers@winsorized:clipped=3,curve=2,epochs=5,width=8", torch=True),
    Golden(DIGITS, "vector_optimizers@ghost:batch=20,chunk=5,curve=2,epochs=5,width=8", torch=True),
    Golden(
        "glyphs/transfer:pretraining=40,questions=20,rows=20",
        "transfer_features:networks=2,steps=5,width=8",
        torch=True,
    ),
    Golden("glyphs/styles:questions=20,rows=40", "style_extrapolation:count=4,steps=10,width=8", torch=True),
    Golden(
        "glyphs/stream:pretraining=40,questions=20", "stream_learners@replay:steps=5,stage_steps=5,width=8", torch=True
    ),
    Golden(LABELS, "majority"),
    Golden(LABELS, "laso:batch=32,steps=10,width=8", torch=True),
    Golden(TOLD, "majority"),
    Golden(TOLD, "scene_attention@unified:batch=32,steps=10,width=8", torch=True),
    Golden(TOLD, "scene_attention@retrieved:batch=32,steps=10,width=8", torch=True),
    Golden(HELD, "image_question:batch=32,steps=10,width=8", torch=True),
    Golden(HELD, "image_question@class_mean", torch=True),  # no torch in it, but floating point
    Golden(DISCOVERY, "prototypes:restarts=2,steps=5,width=8", torch=True),
    Golden(GLYPHS, "ensembles@bang:batch=32,steps=10,width=8", torch=True),
    Golden(REWEIGHTED, "fine_tuning@levi:batch=32,pretraining_steps=10,small=4,tuning_steps=10,width=8", torch=True),
)
