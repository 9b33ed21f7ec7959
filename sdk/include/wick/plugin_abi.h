/* The whole plugin contract in one include, for C. C++ authors include <wick/sdk/plugin.h>. */
#pragma once

#include <wick/abi/arch.h>
#include <wick/abi/backend.h>
#include <wick/abi/base.h>
#include <wick/abi/format.h>
#include <wick/abi/graph.h>
#include <wick/abi/host.h>
#include <wick/abi/storage.h>
