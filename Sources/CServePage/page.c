// The files of the page, and the samples, in the program. Not as SwiftPM embeds them,
// in a literal of Swift: these would take the compiler two minutes.
#include "serve_page.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char api_js[] = {
#embed "Assets/api.js"
};
static const unsigned char cloud_js[] = {
#embed "Assets/cloud.js"
};
static const unsigned char colors_js[] = {
#embed "Assets/colors.js"
};
static const unsigned char controls_js[] = {
#embed "Assets/controls.js"
};
static const unsigned char cprime_html[] = {
#embed "Assets/cprime.html"
};
static const unsigned char cprime_js[] = {
#embed "Assets/cprime.js"
};
static const unsigned char curves_js[] = {
#embed "Assets/curves.js"
};
static const unsigned char dom_js[] = {
#embed "Assets/dom.js"
};
static const unsigned char drag_js[] = {
#embed "Assets/drag.js"
};
static const unsigned char em_js[] = {
#embed "Assets/em.js"
};
static const unsigned char exports_js[] = {
#embed "Assets/exports.js"
};
static const unsigned char files_js[] = {
#embed "Assets/files.js"
};
static const unsigned char fitter_js[] = {
#embed "Assets/fitter.js"
};
static const unsigned char index_html[] = {
#embed "Assets/index.html"
};
static const unsigned char kept_js[] = {
#embed "Assets/kept.js"
};
static const unsigned char main_js[] = {
#embed "Assets/main.js"
};
static const unsigned char overlay_js[] = {
#embed "Assets/overlay.js"
};
static const unsigned char palette_js[] = {
#embed "Assets/palette.js"
};
static const unsigned char pictures_js[] = {
#embed "Assets/pictures.js"
};
static const unsigned char pixel_js[] = {
#embed "Assets/pixel.js"
};
static const unsigned char raster_js[] = {
#embed "Assets/raster.js"
};
static const unsigned char state_js[] = {
#embed "Assets/state.js"
};
static const unsigned char style_css[] = {
#embed "Assets/style.css"
};
static const unsigned char viewer_js[] = {
#embed "Assets/viewer.js"
};
static const unsigned char openapi_json[] = {
#embed "../../docs/serve-openapi.json"
};
static const unsigned char sample_cells_png[] = {
#embed "../../samples/cells.png"
};
static const unsigned char sample_logo_png[] = {
#embed "../../samples/logo.png"
};
static const unsigned char sample_still_life_jpg[] = {
#embed "../../samples/still-life.jpg"
};
static const unsigned char sample_sunset_jpg[] = {
#embed "../../samples/sunset.jpg"
};

#define FILE(path, name) {path, name, sizeof name}

static const struct qz_page_file files[] = {
  FILE("api.js", api_js),
  FILE("cloud.js", cloud_js),
  FILE("colors.js", colors_js),
  FILE("controls.js", controls_js),
  FILE("cprime.html", cprime_html),
  FILE("cprime.js", cprime_js),
  FILE("curves.js", curves_js),
  FILE("dom.js", dom_js),
  FILE("drag.js", drag_js),
  FILE("em.js", em_js),
  FILE("exports.js", exports_js),
  FILE("files.js", files_js),
  FILE("fitter.js", fitter_js),
  FILE("index.html", index_html),
  FILE("kept.js", kept_js),
  FILE("main.js", main_js),
  FILE("overlay.js", overlay_js),
  FILE("palette.js", palette_js),
  FILE("pictures.js", pictures_js),
  FILE("pixel.js", pixel_js),
  FILE("raster.js", raster_js),
  FILE("state.js", state_js),
  FILE("style.css", style_css),
  FILE("viewer.js", viewer_js),
  FILE("openapi.json", openapi_json),
  FILE("samples/cells.png", sample_cells_png),
  FILE("samples/logo.png", sample_logo_png),
  FILE("samples/still-life.jpg", sample_still_life_jpg),
  FILE("samples/sunset.jpg", sample_sunset_jpg),
};

const struct qz_page_file *qz_page_files_start(void) { return files; }

const size_t qz_page_file_count = sizeof files / sizeof files[0];
