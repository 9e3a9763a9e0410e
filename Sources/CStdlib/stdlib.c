#include "CStdlib.h"

/* Each file becomes an array of bytes; #embed keeps the build quick however large they grow. */

static const char basics_text[] = {
#embed "../../stdlib/basics.rnr" suffix(, 0)
};
static const char collections_text[] = {
#embed "../../stdlib/collections.rnr" suffix(, 0)
};
static const char texts_text[] = {
#embed "../../stdlib/texts.rnr" suffix(, 0)
};
static const char tables_text[] = {
#embed "../../stdlib/tables.rnr" suffix(, 0)
};
static const char tensors_text[] = {
#embed "../../stdlib/tensors.rnr" suffix(, 0)
};
static const char gradients_text[] = {
#embed "../../stdlib/gradients.rnr" suffix(, 0)
};
static const char system_text[] = {
#embed "../../stdlib/system.rnr" suffix(, 0)
};
static const char layers_text[] = {
#embed "../../stdlib/layers.rnr" suffix(, 0)
};
static const char networks_text[] = {
#embed "../../stdlib/networks.rnr" suffix(, 0)
};
static const char languages_text[] = {
#embed "../../stdlib/languages.rnr" suffix(, 0)
};
static const char families_text[] = {
#embed "../../stdlib/families.rnr" suffix(, 0)
};

static const char digits_text[] = {
#embed "../../stdlib/digits.rnr" suffix(, 0)
};
static const char zoos_text[] = {
#embed "../../stdlib/zoos.rnr" suffix(, 0)
};
static const char unpacking_text[] = {
#embed "../../stdlib/unpacking.rnr" suffix(, 0)
};
static const char statistics_text[] = {
#embed "../../stdlib/statistics.rnr" suffix(, 0)
};
static const char flat_weights_text[] = {
#embed "../../stdlib/flat_weights.rnr" suffix(, 0)
};
static const char parameter_transformer_text[] = {
#embed "../../stdlib/parameter_transformer.rnr" suffix(, 0)
};
static const char dwsnet_text[] = {
#embed "../../stdlib/dwsnet.rnr" suffix(, 0)
};
static const char probing_text[] = {
#embed "../../stdlib/probing.rnr" suffix(, 0)
};
static const char linear_probing_text[] = {
#embed "../../stdlib/linear_probing.rnr" suffix(, 0)
};
static const char graph_encoder_text[] = {
#embed "../../stdlib/graph_encoder.rnr" suffix(, 0)
};
static const char controls_text[] = {
#embed "../../stdlib/controls.rnr" suffix(, 0)
};
static const char encoders_text[] = {
#embed "../../stdlib/encoders.rnr" suffix(, 0)
};
static const char emulation_text[] = {
#embed "../../stdlib/emulation.rnr" suffix(, 0)
};
static const char training_text[] = {
#embed "../../stdlib/training.rnr" suffix(, 0)
};
static const char downstream_text[] = {
#embed "../../stdlib/downstream.rnr" suffix(, 0)
};
static const char official_text[] = {
#embed "../../stdlib/official.rnr" suffix(, 0)
};
static const char interrogation_text[] = {
#embed "../../stdlib/interrogation.rnr" suffix(, 0)
};
static const char game_text[] = {
#embed "../../stdlib/game.rnr" suffix(, 0)
};
static const char interrogators_text[] = {
#embed "../../stdlib/interrogators.rnr" suffix(, 0)
};
static const char plot_text[] = {
#embed "../../stdlib/plot.rnr" suffix(, 0)
};

/* The figures are taken by `use plot`; all other names are known everywhere. */
static const struct rnr_module modules[] = {
    {"basics", basics_text, true},
    {"collections", collections_text, true},
    {"texts", texts_text, true},
    {"tables", tables_text, true},
    {"tensors", tensors_text, true},
    {"gradients", gradients_text, true},
    {"system", system_text, true},
    {"layers", layers_text, true},
    {"networks", networks_text, true},
    {"languages", languages_text, true},
    {"digits", digits_text, true},
    {"families", families_text, true},
    {"zoos", zoos_text, true},
    {"unpacking", unpacking_text, true},
    {"statistics", statistics_text, true},
    {"flat_weights", flat_weights_text, true},
    {"parameter_transformer", parameter_transformer_text, true},
    {"dwsnet", dwsnet_text, true},
    {"probing", probing_text, true},
    {"linear_probing", linear_probing_text, true},
    {"graph_encoder", graph_encoder_text, true},
    {"controls", controls_text, true},
    {"encoders", encoders_text, true},
    {"emulation", emulation_text, true},
    {"training", training_text, true},
    {"downstream", downstream_text, true},
    {"official", official_text, true},
    {"interrogation", interrogation_text, true},
    {"game", game_text, true},
    {"interrogators", interrogators_text, true},
    {"plot", plot_text, false},
};

int rnr_module_count(void) { return sizeof modules / sizeof modules[0]; }

struct rnr_module rnr_module_at(int number) { return modules[number]; }
