"""The Python snippets of the reference documentation, page by page in its order, each by the SHA-256 of its bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snippet:
    """``program`` names what does the same in our own words, in ``programs.PROGRAMS``, with what both need and lead to.

    ``reason`` is why the snippet itself is no program, and not run.
    """

    digest: str
    program: str = ""
    reason: str = ""


TABLE: dict[str, tuple[Snippet, ...]] = {
    "code-execution/custom-languages.mdx": (
        Snippet("8e3a4f2a73eb8dfd3848402c71003902b6660a50964c4e3d3077bb6614912926", "sandbox's key"),
        Snippet("7229d914662407e5b5e15211453ee3031deeafbb68185cae3ba5ff1a2a2c27fb", "python in a sandbox"),
    ),
    "code-execution/usage.mdx": (
        Snippet("2cd0fa035357dc311ee6eded6872df2b6fed965e38e62c26de7e52916f2a233c", "run"),
        Snippet("afb2af337beac0723f4a064f78b5a008b133088540ff2d4b2c85d179e7ad9b4d", "prepare"),
    ),
    "guides/basic-usage.mdx": (
        Snippet("12897f6b46c74f3e8d913d71ebb70a0d4ac478225d8feb10e5ab497cf4e0bae8", "typed chat"),
        Snippet("5913e0ca4e048131b7373394a4a2c645f134d69255e91e5de3d5b783dddde7c9", "say twice"),
        Snippet("0c414bf4ccad2bd71df972efa4bc51e7e8787d40fc87ac89b3e4b5e9290f4171", "forget"),
        Snippet("462114e787f84d8306ba879dbdfb840c4303ae60b95797f4c0a50b734c25aa51", "keep and take up"),
        Snippet(
            "dac076cf716bdff32ce7c77fab178ecedb11a4bf1571593c0902ae86b315442e", "add to the system message and show it"
        ),
        Snippet("b32d651e8b9f3e9b360c77d1cb797f2b0e7907383e99c9b9d61dd0934b440e72", "llm.model"),
    ),
    "guides/multiple-instances.mdx": (
        Snippet("fe84c0e5859e39867d25bae822ed76cdc0ab524bb6f1db9fed42fde28a5cb595", "two"),
        Snippet("d83a47b06894106e7f5662d9bc9354ecbd36f6cd58182c9df3ccbd46561c89bf", "two talk, begun the older way"),
    ),
    "guides/profiles.mdx": (Snippet("54a2beb95d46444b5c3ac07762e0ac5f0f6bc20ee5da19de3ae8a0f1ceaa2074", "a profile"),),
    "guides/running-locally.mdx": (
        Snippet(
            "a194703622c86ea6e50a754a1eb18b9787fe7625c3753b2650cc2717b7eb0421",
            reason="a command for a shell, tagged as Python",
        ),
        Snippet("7de0904f269085e29b7850de73602cb4d8d5b2140dea21aa78bed32725dde15b", "Ollama, one question"),
    ),
    "guides/streaming-response.mdx": (
        Snippet("3afd43cbb5e430eba09d0ebe94f3b5413ab3b8f3369bbd7ba2cec36604f1011b", "stream"),
        Snippet("849e35df77ecf61bfc1ed6f106ce6e94090d32ea6e4d33bb6c614f39eaabaa59", "chunks"),
        Snippet("f2ca23996c11e9654de76901de6654525e7ab4c7fa59aec27b39bc8ff7e652cd", "chunks"),
        Snippet("6f027c624817a378c817a11955d687648a3a7122bb98d808ed4ed5c95be9d8ab", "chunks"),
        Snippet("df5cc40e1f25c228f037cf2fc0d163767e614d04e0bfa96e006e65232af260b9", "chunks"),
        Snippet(
            "b8464d0bf5b81941cc7853b7e085a9ebd52285e3ea3d1ac9ce29ac6054980a9b",
            "question of a stream, by the older names",
        ),
        Snippet("1cd2b2765c01eb698ab2c2642353bf23500887c533d3a9d78bc958d1e262ce93", "ask before code runs in a stream"),
        Snippet("73abf9aa578a87ef9cff59877bad6ab51f7d96e20c6bd81996bc127a157aef3c", "chunks"),
        Snippet("9228f2e46a50ad25b4e58a909ac691d4c659e9cf4f3e41b5cf40ebdab1f1dd7a", "chunks"),
        Snippet("a23463c75ab01fd7c3886a9af97bd8801a149cc8e9afe376ea796392de786c85", "chunks"),
        Snippet("b8b3879b20a73611b15398bbc8df4477b9cfcc423654f2c11361b65a2e10f088", "chunks"),
    ),
    "integrations/e2b.mdx": (
        Snippet("8e3a4f2a73eb8dfd3848402c71003902b6660a50964c4e3d3077bb6614912926", "sandbox's key"),
        Snippet("25351b5bcc7c3ae802148088c81d088c8da05dff9ec3d6b7be474b0259cda535", "python in a sandbox"),
    ),
    "language-models/local-models/best-practices.mdx": (
        Snippet("a438648386486337322bbaf197d21612300c7a611319c5090d52e860f1a02837", "LM Studio, less memory"),
    ),
    "language-models/local-models/custom-endpoint.mdx": (
        Snippet("2b9b38b66d4dbfb31591043064c97455c102c9d9346526c0ad78ca7a122f91db", "address of one's own"),
    ),
    "language-models/local-models/janai.mdx": (
        Snippet("715d332e15df2543961686d00a2c031464952e7f3403418595c20d19828af587", "Jan"),
        Snippet("e445d192db5deae4735cd4eab9269db8d74486f55b9c0885b95265ad08afeb5f", "context_window, older name"),
    ),
    "language-models/local-models/lm-studio.mdx": (
        Snippet("ce3c306799b3bd10a5ad6a2c996ecb1d8913304511f6497b8361939c21518007", "LM Studio"),
    ),
    "language-models/local-models/ollama.mdx": (
        Snippet("2b88e14ed652e1483b8ef18059cfae60b9040760c789c93455c8d3b0426cae57", "Ollama"),
    ),
    "language-models/custom-models.mdx": (
        Snippet("3e8435308d1fad41b31cab9d24923cc3627d1546777ebb222589dd7fff7e31a3", "a function as the model"),
        Snippet("4877a236347f2855243002cd11b014392e087843d6ffed01ceda415e902fd753", "what the function can do"),
        Snippet("cc0795209d46cdb3ddce5b472c88d97c0c2576b40488a738c4a8a4fed7e2dc1d", "talk to the function"),
    ),
    "protocols/lmc-messages.mdx": (
        Snippet("19d7970f944dae1ff47f80b8d862df474c959aed7ea1d09a89f0e28ed0b9ca68", "messages"),
        Snippet(
            "9145849005f641063e7107dfca7370b467885026f38c35fd2c92ec21cfbac69d",
            reason="the form of a message, with placeholders, and a comma lacking",
        ),
    ),
    "settings/all-settings.mdx": (
        Snippet("b32d651e8b9f3e9b360c77d1cb797f2b0e7907383e99c9b9d61dd0934b440e72", "llm.model"),
        Snippet("4db46310cbee49238796707a6d3f9b9d97bff10913c486b85e96be60544d24c0", "llm.temperature"),
        Snippet("181bec7a731fc8ea96e9f1dc6739263301ee5ab47c3676c37599b83ca5319a0b", "llm.context_window"),
        Snippet("4b914993caf55cc49f8e00e2c2d3ffb9e47fd555fb4c868cfec550ea42c6f3a9", "llm.max_tokens"),
        Snippet("b20422677e750fdf0ae6899499cb6da16718f93aa59d4b71a5a29d87576329aa", "llm.max_output"),
        Snippet("f85d1d1db8e85b099b86b5be2137efa09e037506e1bffa688c9d0ef76c14f3e6", "llm.api_base"),
        Snippet("7607028a24ff3bae976135c468383be698b71575cb597f6874cf5179e694ad46", "llm.api_key"),
        Snippet("fe774ae669bec8993f60d52f1a3f1645fa061eebdf63a0243c3e8d63990aa218", "llm.api_version"),
        Snippet("ec71ca7d64da0a30616f579963e69ad0c091897533da3d827112395f0663e272", "llm.supports_functions on"),
        Snippet("10568456dcf2fd5ba2bf33d7f8e0a0a02663534e292d7257eb8301a46f45bda0", "llm.supports_functions off"),
        Snippet("045ed2efdc028fd68f9cd1a6a88e2ba6f2249403f1353e0c614fef79913e9c9b", "llm.execution_instructions"),
        Snippet("045ed2efdc028fd68f9cd1a6a88e2ba6f2249403f1353e0c614fef79913e9c9b", "llm.execution_instructions"),
        Snippet("d8cc6a384c5ba6fa62750d12fae57d97b482b325bb442b86b8bd1e792d2f79b5", "llm.supports_vision"),
        Snippet("5712e5c4ad57360ee1b5918afeab14b19260270648d9e19029c62c6ca61c0513", "vision mode"),
        Snippet("16591b7eff37cb002e60b461b2f33d0c86caba41e5239e42c9ec45bb8f378efb", "loop"),
        Snippet("9e50b5a1000960b057a0800d3ca2316988a5e9acd3b26c2045288d0305f4b2fd", "verbose"),
        Snippet("30623282b8cc22551bbb969aa12df105b6175dff890353eaf9159d53f668b626", "safe_mode"),
        Snippet("b8f53954584b22693a4d56c6727ca2a54dbc8e406b22fcf6988dafacd3c1a296", "auto_run"),
        Snippet("d7e1e8464a63be19929784d98b5f95031ebe22b2e26ac784d1c088a8f9a27c24", "max_budget"),
        Snippet("cbedb73ce7c1c874602b622dc55998a8b70c265056136070b0eac66493314d6e", "LM Studio"),
        Snippet("6d4257893d945da543679741093e31a27c8357470c487c326098820546b60af6", "custom_instructions"),
        Snippet("510a37167a71021ea37ef9974801160ab940866ba69bda373b64ee9d5d9399cd", "system_message"),
        Snippet("6c6d9a49c15cc6c5abb575b254237453749d00a5dbb39feec82beed4177b9cad", "anonymized_telemetry"),
        Snippet("bf3b8be97b86b767ce5abb986114cf65bb3a081758b480aff51623a66529623d", "offline"),
        Snippet(
            "a0d8aa18350c902d735013211513918b82ea6dc838f46735f6ab0024713092c8",
            "look at the messages and restore older ones",
        ),
        Snippet("c58836368c328278992b7edc3e396f02c02880a01c3e8499f96aa138e13f22ec", "user_message_template"),
        Snippet("b6ff235afe69745efbd5c5a8539ae9915eed9ac0b66c965cc88545d2148d9b67", "user_message_template"),
        Snippet(
            "4047140e1bc0196d325bbae6158ca490f781f9943efa64d0e2f71556c555c29b", "always_apply_user_message_template"
        ),
        Snippet(
            "4047140e1bc0196d325bbae6158ca490f781f9943efa64d0e2f71556c555c29b", "always_apply_user_message_template"
        ),
        Snippet("637333b8d8b2fb320fa9a4d39d67cead880c1c1611936dcf0da90f5ecce928d2", "code_output_template"),
        Snippet("1cdc78d625029dc6696bcaaed78e395a90ec3126ba7399a4445be9388a46ab60", "code_output_template"),
        Snippet("fc46324e27ff49910b33b41c95217ce5f7eb4d72e8ab3a8369587d02c39432f9", "empty_code_output_template"),
        Snippet("d0c1c8ec0baa4262dc07f208b8e076a5e959aefb788e5a403adece90bc15fcee", "empty_code_output_template"),
        Snippet("39f7666bfb5c754aebbf4cb2245634f065776aa46b3ba7e573ccc930d69b89f0", "code_output_sender user"),
        Snippet("3fc1f773d8a5254e5f70d54fa357bc349828ad234f96af233fd2c686dc8b0b97", "code_output_sender assistant"),
        Snippet("98bd3b327ef0da2f9359e1a222fc0b0ad890a062dd1a833d417561675d78c75a", "computer.offline"),
        Snippet("8f5e014aa8ee2f953f307c49c7dda3073e433239dfb0fb105d6d856a51ec2411", "computer.verbose"),
        Snippet("cbb68f6846e1529ebde807620b9cd82a096ed8d111b881bd141f84837caa3561", "computer.emit_images"),
        Snippet("52330247c53a5b42f4f94ec9a3d648887d954de4be188bc25bafbc157322a445", "computer.import_computer_api"),
    ),
    "telemetry/telemetry.mdx": (
        Snippet("6cf6de74f96f6dd94de65ee68cf4e2b3394f8d4968258f306c98da3bdceee4f8", "disable_telemetry"),
    ),
    "usage/python/arguments.mdx": (
        Snippet(
            "92789eb7a2e1f98664cb6b77a606e823d4832b73f2d32fb6f0aed9d7a29bf316",
            "look at the messages",
            reason="followed by what it prints as if it were code, with a comma lacking",
        ),
        Snippet("29b8596c031b68449561882e750330b6f8a273d5a1968d27992d5730d05a5290", "restore older messages"),
        Snippet("896d6415a6a424feb031019eff35ca0c2f812022acba566895046772b9d50398", "offline on and off"),
        Snippet("870566d46d857bbb3176ab065fe3dad25663b3972751c47a7f2ae80df7e37f97", "auto_run on and off"),
        Snippet("e065fb0d276fc7bd9663221a6d77e6ac5ff78b75377e46b1bb3455fd9f92d919", "verbose on and off"),
        Snippet("90893da99dfc025f24f61d12768aac445740455747f5dd7cf6d2d743b9074f86", "max_output"),
        Snippet("89aaf435633fbd14e04f1035f1c93d23c4af4ac1f45bad223fc9b852a4b093dd", "conversation_history"),
        Snippet("bb292aaae1ce0680f77480858083fd9cfbf2a2c95f3a179bb0d749be86f51135", "conversation_filename"),
        Snippet("b5942303e5b66c25cbbccfffdd3d112faab2ab3da546362f6998bf3f498466b9", "conversation_history_path"),
        Snippet("b32d651e8b9f3e9b360c77d1cb797f2b0e7907383e99c9b9d61dd0934b440e72", "llm.model"),
        Snippet("4db46310cbee49238796707a6d3f9b9d97bff10913c486b85e96be60544d24c0", "llm.temperature"),
        Snippet("2186e15a8b5cd3e514f9073fe855063170b9b97af5d2e3c1208f77d853b03bd8", "add to the system message"),
        Snippet("181bec7a731fc8ea96e9f1dc6739263301ee5ab47c3676c37599b83ca5319a0b", "llm.context_window"),
        Snippet("4b914993caf55cc49f8e00e2c2d3ffb9e47fd555fb4c868cfec550ea42c6f3a9", "llm.max_tokens"),
        Snippet("f85d1d1db8e85b099b86b5be2137efa09e037506e1bffa688c9d0ef76c14f3e6", "llm.api_base"),
        Snippet("7607028a24ff3bae976135c468383be698b71575cb597f6874cf5179e694ad46", "llm.api_key"),
        Snippet("dc4d01773d73b9473481d6c1b9f0eb220b271bdfb587a5a56d98b6137ed9bfb7", "max_budget"),
    ),
    "usage/python/budget-manager.mdx": (
        Snippet("dc4d01773d73b9473481d6c1b9f0eb220b271bdfb587a5a56d98b6137ed9bfb7", "max_budget"),
    ),
    "usage/python/conversation-history.mdx": (
        Snippet("ed0574a6556d47bdbf9bc7034aef300873a15743407bf4187d986609bf0155f9", "typed chat, not saved"),
    ),
    "usage/python/magic-commands.mdx": (
        Snippet("12897f6b46c74f3e8d913d71ebb70a0d4ac478225d8feb10e5ab497cf4e0bae8", "typed chat"),
    ),
    "usage/python/multiple-instances.mdx": (
        Snippet("fe84c0e5859e39867d25bae822ed76cdc0ab524bb6f1db9fed42fde28a5cb595", "two"),
        Snippet("4d465a1b398190cede66349465e1a84fb974623b15b041fb94510dd9d5552c00", "two talk"),
    ),
    "usage/examples.mdx": (
        Snippet("12897f6b46c74f3e8d913d71ebb70a0d4ac478225d8feb10e5ab497cf4e0bae8", "typed chat"),
        Snippet("5913e0ca4e048131b7373394a4a2c645f134d69255e91e5de3d5b783dddde7c9", "say twice"),
        Snippet("0c414bf4ccad2bd71df972efa4bc51e7e8787d40fc87ac89b3e4b5e9290f4171", "forget"),
        Snippet("462114e787f84d8306ba879dbdfb840c4303ae60b95797f4c0a50b734c25aa51", "keep and take up"),
        Snippet(
            "dac076cf716bdff32ce7c77fab178ecedb11a4bf1571593c0902ae86b315442e", "add to the system message and show it"
        ),
        Snippet("b32d651e8b9f3e9b360c77d1cb797f2b0e7907383e99c9b9d61dd0934b440e72", "llm.model"),
    ),
    "NCU_MIGRATION_GUIDE.md": (
        Snippet("cb55372654be736d42f7de4f4f994d53fbf0af030a486ff01174e2f5d4423daf", "typed chat with one's own"),
        Snippet("cd8644f122295dc4d04a319b7d64635de8e49e14295002910a571813b40c34b2", "typed chat"),
        Snippet(
            "bfe1796579e1483abf9c89d00966d4400dd9ed50a046dba8a8bee763a2bab02b",
            "messages of every kind",
            reason="a list of messages with the commas between them lacking",
        ),
        Snippet("c44cd93dd51a1fdbae65143423b3a2fccfed396150402f3510424195b37c60d4", "chunks"),
        Snippet("03b040f329f0d2d93c7b8f0f28b2ce2eec61efadf62557d1d4c1c3713cc5ebba", "classes of messages and chunks"),
    ),
    "open-interpreter-readme-ja.txt": (
        Snippet("3b5153618bf0607e8ee90c3ab2b53a2d06ec796f918e58e46c611866528c5a10", "say, then type"),
        Snippet("4948ea0581bf25112a4e499314be040a80dadc7fe281bcf3d5b9202493694116", "stream"),
        Snippet("12897f6b46c74f3e8d913d71ebb70a0d4ac478225d8feb10e5ab497cf4e0bae8", "typed chat"),
        Snippet("23a2301791e0db4523ae52f495d903c219de5c9cb6ce90f96b54010469bf4c1f", "stream"),
        Snippet("dfaf6894a1ee548bdca7454dfe05961e30f7c1a24a903ef646aae83aa48329ab", "say twice"),
        Snippet("8e118f1a92efab2757f123594f429b85f739bdadc937154da55b9c05c4768111", "reset"),
        Snippet("1ffd2c4fb9571c6a7e5b7b06030e90e5a87cf02dadeab1cf8e5a189cc152e39b", "reset and take up"),
        Snippet(
            "bc63aa11f28110036c3f8566cd8f50ac5abec7a7492e6a055a5b23d51e68bbf4", "add to the system message and show it"
        ),
        Snippet("610df8d8576e0b76b12079a3b88f9f34f21fa32f315bcb3998ec5dab50d53b41", "model, older name"),
        Snippet("df7371cceac588f64373449e5323dbcbf5998c99cb74e0143adc33d1e3af5ce6", "a file of settings"),
        Snippet("45d3170950d834a85d480c79b07c77be5ca4eac97156c41957dc1a257a79c438", "a web server"),
    ),
    "open-interpreter-readme-zh.txt": (
        Snippet("3602ad27d2d9e330e1a980dcf9266a2a267646ad925aa162c8eb1a5a9cffef38", "say, then type"),
        Snippet("23a2301791e0db4523ae52f495d903c219de5c9cb6ce90f96b54010469bf4c1f", "stream"),
        Snippet("12897f6b46c74f3e8d913d71ebb70a0d4ac478225d8feb10e5ab497cf4e0bae8", "typed chat"),
        Snippet("23a2301791e0db4523ae52f495d903c219de5c9cb6ce90f96b54010469bf4c1f", "stream"),
        Snippet("ba580a1336d4de6443fea01d47cee2c30d8b0c7f1882f616dbb75b3f8e3e05a1", "say twice"),
        Snippet("0c414bf4ccad2bd71df972efa4bc51e7e8787d40fc87ac89b3e4b5e9290f4171", "forget"),
        Snippet("1fc18683600149532d7f468b81011d7f9103ecabb37c4c1f814f8aefc05a2eca", "keep and take up"),
        Snippet(
            "999080d3cea5da11086e54eba97254c855c0ee99e874c2ced4ef013db15e7259", "add to the system message and show it"
        ),
        Snippet("b32d651e8b9f3e9b360c77d1cb797f2b0e7907383e99c9b9d61dd0934b440e72", "llm.model"),
        Snippet("44d93f9427495430cd69ffdd1fc68bd53b883b2e5d7a04220e0ecdabcd3232f9", "LM Studio"),
        Snippet("5e4c7027c134a13785258dfb8e232e68361198dd9031a4c4c29788c490678965", "a web server"),
    ),
}
