#!/usr/bin/env -S node --conditions=source --disable-warning=ExperimentalWarning
console.log("portcullis");
