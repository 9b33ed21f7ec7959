// template-name as a plugin: the one exported symbol, and nothing else.
#include <wick/sdk/plugin.h>

#include "format.h"

WICK_DEFINE_PLUGIN("com.example.template-name", WICK_PLUGIN_VERSION,
                   [](const wick::sdk::Host& host) {
                     wick::sdk::register_format<template_name_plugin::TemplateNameFormat>(host);
                   })
