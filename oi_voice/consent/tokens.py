"""Keys that tell by their own shape what they are: a prefix and an alphabet, as their issuers document them.

Also RFC 7519 (JWT) and RFC 7516 (its encrypted form). Every pattern is bounded or possessive.
"""

from __future__ import annotations

import re

_HEX, _UUID = "[0-9a-f]", r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

#: Prefixes after which at least 20 characters are a key, if there is a digit among them.
_PREFIXES = (
    *("sk-", "sk_", "rk-", "rk_", "pk-", "pk_", "csk-", "pplx-", "nvapi-", "tgp_v1_", "xai-", "xai_"),
    *("hf_", "gsk_", "lsv2_", "pcsk_", "e2b_", "tvly-", "jina_", "AQ.", "ya29.", "GOCSPX-", "1//0"),
    *("github_pat_", "ATBB", "ATATT3", "ATCTT3", "npm_", "pypi-", "rubygems_", "dckr_pat_", "dckr_oat_", "CLOJARS_"),
    *("whsec_", "sq0csp-", "sq0atp-", "EAAA", "EAAC", "xkeysib-", "ABSK"),
    *("dop_v1_", "doo_v1_", "dor_v1_", "fm2_", "fo1_", "HRKU-", "vcp_", "nfp_", "sbp_", "sb_secret_"),
    *("pscale_tkn_", "pscale_pw_", "pscale_oauth_", "lin_api_", "ntn_", "figd_", "tfp_", "PMAK-", "NRAK-"),
    *("glsa_", "glc_", "sntrys_", "sntryu_", "hvs.", "hvb.", "hvr.", "ops_eyJ", "tskey-", "bkua_", "CCIPAT_"),
    *("EZAK", "EZTK", "phx_", "phc_", "IGQV", "shpat_", "shpss_", "shpca_", "shppa_", "shpua_"),
)
_EXACT = (
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",  # AWS
    rf"amzn\.mws\.{_UUID}",
    rf"access_token\$production\$[a-z0-9]{{16}}\${_HEX}{{32}}",  # PayPal
    r"gh[pousr]_[A-Za-z0-9]{30,}+",  # GitHub
    r"gl(?:pat|dt|rt|rtr|cbt|ft|oas|ptt|agent|imt|soat|ffct)-[A-Za-z0-9_.-]{20,}+",  # GitLab
    r"xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}+",  # Slack
    r"xapp-[A-Za-z0-9-]{10,}+",
    r"AIza[A-Za-z0-9_-]{35}",  # Google
    r"SG\.[A-Za-z0-9_-]{16,}+\.[A-Za-z0-9_-]{16,}+",  # SendGrid
    r"\d{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",  # Telegram
    r"[MNO][A-Za-z0-9_-]{23,27}+\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}+",  # Discord
    r"AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,}+",
    r"eyJ[A-Za-z0-9_-]{8,}+(?:\.[A-Za-z0-9_-]*+){4}",  # JWT, encrypted and not
    r"eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]*+",
    r"sk\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+",  # Mapbox
    rf"(?:SK|key-|dapi){_HEX}{{32}}(?![A-Za-z0-9])",  # Twilio, Mailgun, Databricks
    rf"{_HEX}{{32}}-us\d{{1,2}}(?![A-Za-z0-9])",  # Mailchimp
    r"cio[A-Za-z0-9]{32}(?![A-Za-z0-9])",  # crates
    r"oy2[a-z0-9]{43}(?![A-Za-z0-9])",  # NuGet
    r"[A-Za-z0-9_.~-]{3}\dQ~[A-Za-z0-9_.~-]{31,34}",  # Entra
    rf"v1\.0-{_HEX}{{24}}-{_HEX}{{100,}}+",  # Cloudflare
    rf"pat[A-Za-z0-9]{{14}}\.{_HEX}{{64}}",  # Airtable
    rf"1/\d{{16}}:{_HEX}{{32}}",  # Asana
    r"dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}",  # Dynatrace
    r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}",  # Doppler
    r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}+",  # Terraform
    rf"(?:sdk|access-production|access-sandbox)-{_UUID}",  # LaunchDarkly, Plaid
    r"A{21}[A-Za-z0-9%]{30,}+",  # X
    r"(?:AQV|sl\.)[A-Za-z0-9_-]{100,}+",  # LinkedIn, Dropbox
    r"BSA[A-Za-z0-9_-]{27,}+",  # Brave
    # Prefixes that begin ordinary names as well: only with what makes them keys.
    rf"re_[A-Za-z0-9]{{6,10}}_[A-Za-z0-9]{{20,}}+|fc-{_HEX}{{32}}|pul-{_HEX}{{40}}|pa-[A-Za-z0-9_-]{{43}}(?![\w-])",
    r"secret_[A-Za-z0-9]{40,}+|fw_[A-Za-z0-9]{22,}+|r8_[A-Za-z0-9]{37}|napi_[a-z0-9]{60,}+",
)
TOKENS = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    + "|".join(map(re.escape, sorted(_PREFIXES, key=len, reverse=True)))
    + r")(?=[A-Za-z_-]{0,40}+\d)[A-Za-z0-9_-]{20,}+(?:\.[A-Za-z0-9_-]++)*+=*+|(?<![A-Za-z0-9])(?:"
    + "|".join(_EXACT)
    + r")|(?:(?<=slack\.com/services/)|(?<=slack\.com/workflows/)|(?<=slack\.com/triggers/))[A-Za-z0-9/_-]{20,}+"
    r"|(?<=/api/webhooks/)\d{1,32}/[A-Za-z0-9_-]{20,}+|(?<=/IncomingWebhook/)[A-Za-z0-9/_-]{20,}+"
)
