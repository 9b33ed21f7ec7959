// Has llama.cpp load GGUF files and continue a text greedily, through the prebuilt package in PEER_DIR (see tools/fetch-peer).
//   PEER_DIR=DIR node load_in_peer.mjs TEXT N FILE.gguf...        prints one JSON object: {FILE: continuation}
import {createRequire} from "node:module";
import path from "node:path";
import {pathToFileURL} from "node:url";

const require = createRequire(path.join(process.env.PEER_DIR, "package.json"));
const {getLlama, LlamaLogLevel} = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const [text, count, ...files] = process.argv.slice(2);
const llama = await getLlama({gpu: false, build: "never", logLevel: LlamaLogLevel.error, maxThreads: 1});
const said = {};
for (const file of files) {
    const model = await llama.loadModel({modelPath: file, gpuLayers: 0});
    const context = await model.createContext({contextSize: 256, threads: 1, sequences: 1});
    const tokens = [];
    for await (const token of context.getSequence().evaluate([model.tokens.bos, ...model.tokenize(text, true)], {temperature: 0})) {
        tokens.push(token);
        if (tokens.length >= Number(count) || model.isEogToken(token)) break;
    }
    said[file] = model.detokenize(tokens);
    await context.dispose();
    await model.dispose();
}
console.log(JSON.stringify(said));
process.exit(0);
